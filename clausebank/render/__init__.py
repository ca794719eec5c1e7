"""Renderers: one tree in, one output each; they add looks and no words of their own."""
