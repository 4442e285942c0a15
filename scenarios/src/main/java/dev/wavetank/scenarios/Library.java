package dev.wavetank.scenarios;

import com.google.common.io.ByteStreams;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** The scenarios that come with the simulator: the files of {@code scenarios/library}. */
public final class Library {

  /** The story of the book chapter that this project began from. */
  public static final String SEED_STORY = "todobackend.yaml";

  private static final String ROOT = "library/";

  private Library() {}

  /**
   * The content of a file of the library.
   *
   * @param path relative to the library
   * @throws IOException when there is none
   */
  public static byte[] read(String path) throws IOException {
    try (InputStream in = Library.class.getResourceAsStream(ROOT + path)) {
      if (in == null) {
        throw new FileNotFoundException("no such file in the library");
      }
      return ByteStreams.toByteArray(in);
    }
  }
}
