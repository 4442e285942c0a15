package dev.wavetank.core.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Passes every question on and writes the answer down. */
final class RecordingChoices implements Choices {

  private final Choices source;
  private final ChoiceLog log;
  private final Map<String, ChoiceStream> streams = new LinkedHashMap<>();

  RecordingChoices(Choices source, ChoiceLog log) {
    this.source = source;
    this.log = log;
  }

  @Override
  public ChoiceStream stream(String name) {
    return streams.computeIfAbsent(name, n -> new Stream(source.stream(n), log.stream(n)));
  }

  private record Stream(ChoiceStream source, ChoiceLog.Answers answers) implements ChoiceStream {
    @Override
    public int choose(int options) {
      int answer = source.choose(options);
      answers.add(answer);
      return answer;
    }

    @Override
    public long between(long min, long max) {
      long answer = source.between(min, max);
      answers.add(answer);
      return answer;
    }
  }
}
