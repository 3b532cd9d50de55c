"""How good extraction is: gold annotations, how a row agrees with one, what is right, wrong and missed, and floors."""
