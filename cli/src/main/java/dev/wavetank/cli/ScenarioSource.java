package dev.wavetank.cli;

import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.scenarios.FileLookup;
import dev.wavetank.scenarios.Library;
import dev.wavetank.scenarios.Scenario;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A scenario and the text that it was read from.
 *
 * @param text of its file
 */
record ScenarioSource(Scenario scenario, String text) {

  /**
   * Reads a scenario from a file; files that it names lie beside it.
   *
   * @throws ScenarioException when it is wrong
   * @throws IOException when the file cannot be read
   */
  static ScenarioSource ofFile(String file) throws IOException {
    Path path = Path.of(file);
    Path directory = path.toAbsolutePath().getParent();
    String text = decode(file, Files.readAllBytes(path));
    return of(
        file,
        text,
        name -> {
          try {
            return Files.readAllBytes(directory == null ? Path.of(name) : directory.resolve(name));
          } catch (NoSuchFileException e) {
            throw new IOException("no such file", e);
          }
        });
  }

  /** Reads a scenario of the library. */
  static ScenarioSource ofLibrary(String name) throws IOException {
    return of(name, decode(name, Library.read(name)), Library::read);
  }

  /**
   * The text of a file.
   *
   * @throws ScenarioException when it is not UTF-8
   * @throws IOException when it cannot be read
   */
  static String text(Path file) throws IOException {
    return decode(file.toString(), Files.readAllBytes(file));
  }

  private static ScenarioSource of(String file, String text, FileLookup files) {
    return new ScenarioSource(Scenario.read(file, text, files), text);
  }

  private static String decode(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ScenarioException(file, 1, 1, "the file is not UTF-8");
    }
  }
}
