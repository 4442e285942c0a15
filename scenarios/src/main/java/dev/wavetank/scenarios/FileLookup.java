package dev.wavetank.scenarios;

import java.io.IOException;

/** Reads files that a scenario names. */
public interface FileLookup {

  /** No file exists. */
  FileLookup NONE =
      path -> {
        throw new IOException("no such file");
      };

  /**
   * The content of a file.
   *
   * @param path as the scenario writes it, relative to the scenario
   * @throws IOException when it cannot be read; the message says why, for people
   */
  byte[] read(String path) throws IOException;
}
