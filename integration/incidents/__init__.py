"""What staff let everybody know for a while: a notice that stands on top of answers, cards and help pages."""
