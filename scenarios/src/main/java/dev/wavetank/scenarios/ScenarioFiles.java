package dev.wavetank.scenarios;

import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.scenarios.step.StepFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of one scenario: each is read once, so that every run sees the same. */
final class ScenarioFiles implements StepFiles, FileSource {

  private final FileLookup lookup;
  private final Map<String, byte[]> read = new TreeMap<>();

  ScenarioFiles(FileLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public byte[] read(FileFields fields, String key, String path) {
    try {
      return load(path);
    } catch (IOException e) {
      throw fields.wrong(key, "cannot read " + path + ": " + e.getMessage());
    }
  }

  private byte[] load(String path) throws IOException {
    byte[] known = read.get(path);
    if (known == null) {
      known = lookup.read(path);
      read.put(path, known);
    }
    return known;
  }

  /** For kubectl: null when it cannot be read. */
  @Override
  public byte @Nullable [] read(String path) {
    try {
      return load(path);
    } catch (IOException e) {
      return null;
    }
  }

  /** A scenario names files, never directories. */
  @Override
  public @Nullable List<String> list(String path) {
    return null;
  }

  /** All files read so far, by path. */
  Map<String, byte[]> all() {
    return read;
  }
}
