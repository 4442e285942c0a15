package dev.wavetank.scenarios;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.scenarios.step.StepFiles;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of one scenario: each is read once, so that every run sees the same. */
final class ScenarioFiles implements StepFiles {

  private final FileLookup lookup;
  private final Map<String, byte[]> read = new TreeMap<>();

  ScenarioFiles(FileLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public byte[] read(FileFields fields, String key, String path) {
    try {
      return read(path);
    } catch (IOException e) {
      throw fields.wrong(key, "cannot read " + path + ": " + e.getMessage());
    }
  }

  byte[] read(String path) throws IOException {
    byte[] known = read.get(path);
    if (known == null) {
      known = lookup.read(path);
      read.put(path, known);
    }
    return known;
  }

  /** The content of a file that was read; null for another. */
  byte @Nullable [] known(String path) {
    return read.get(path);
  }

  /** All files read so far, by path. */
  Map<String, byte[]> all() {
    return read;
  }
}
