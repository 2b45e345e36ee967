"""Every page as people meet it: in a browser, by keyboard, on a phone, without script, and read out aloud."""
