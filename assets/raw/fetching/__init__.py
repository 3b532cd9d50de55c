"""Fetching: pages of feeds and sitemaps into the landing area, politely and within bounds."""
