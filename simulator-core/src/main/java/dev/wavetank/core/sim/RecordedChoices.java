package dev.wavetank.core.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Answers from a log, stream by stream, and refuses to go on where the log has no answer. */
final class RecordedChoices implements Choices {

  private final ChoiceLog log;
  private final Map<String, ChoiceStream> streams = new LinkedHashMap<>();

  RecordedChoices(ChoiceLog log) {
    this.log = log;
  }

  @Override
  public ChoiceStream stream(String name) {
    return streams.computeIfAbsent(name, n -> new Stream(n, log));
  }

  private static final class Stream implements ChoiceStream {
    private final String name;
    private final ChoiceLog log;
    private int next;

    Stream(String name, ChoiceLog log) {
      this.name = name;
      this.log = log;
    }

    @Override
    public int choose(int options) {
      return (int) between(0, options - 1L);
    }

    @Override
    public long between(long min, long max) {
      ChoiceLog.Answers answers = log.find(name);
      if (answers == null || next >= answers.size()) {
        throw new SimulationBug(
            "the run left its record: it asks " + name + " more than " + next + " times");
      }
      long answer = answers.get(next++);
      if (answer < min || answer > max) {
        throw new SimulationBug(
            "the run left its record: answer "
                + answer
                + " of "
                + name
                + " is not in "
                + min
                + ".."
                + max);
      }
      return answer;
    }
  }
}
