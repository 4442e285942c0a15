package dev.wavetank.core.kubectl;

/**
 * What a command wrote, and the code it ended with.
 *
 * @param stdout standard output
 * @param stderr standard error; its lines are not interleaved with those of standard output
 * @param exitCode 0 when all went well
 */
public record Output(String stdout, String stderr, int exitCode) {}
