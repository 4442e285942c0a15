package dev.wavetank.scenarios.step;

import dev.wavetank.core.api.FileFields;

/** Files that a scenario names, read from where the scenario lies. */
public interface StepFiles {

  /**
   * The content of a file.
   *
   * @param fields where the file is named, for errors
   * @throws dev.wavetank.core.api.ScenarioException when it cannot be read
   */
  byte[] read(FileFields fields, String key, String path);
}
