package dev.wavetank.core.kubectl;

/** What a command printed and how it ended. */
public record Output(String stdout, String stderr, int exitCode) {}
