package dev.wavetank.core.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** Another source's answers, but for one draw of one stream. */
final class OverriddenChoices implements Choices {

  private final Choices source;
  private final String stream;
  private final long index;
  private final long answer;
  private final Map<String, ChoiceStream> streams = new LinkedHashMap<>();

  OverriddenChoices(Choices source, String stream, long index, long answer) {
    this.source = source;
    this.stream = stream;
    this.index = index;
    this.answer = answer;
  }

  @Override
  public ChoiceStream stream(String name) {
    if (!name.equals(stream)) {
      return source.stream(name);
    }
    return streams.computeIfAbsent(name, n -> new Stream(source.stream(n)));
  }

  private final class Stream implements ChoiceStream {
    private final ChoiceStream original;
    private long drawn;

    Stream(ChoiceStream original) {
      this.original = original;
    }

    @Override
    public int choose(int options) {
      return (int) replace(original.choose(options), 0, options - 1L);
    }

    @Override
    public long between(long min, long max) {
      return replace(original.between(min, max), min, max);
    }

    private long replace(long given, long min, long max) {
      if (drawn++ != index) {
        return given;
      }
      if (answer < min || answer > max) {
        throw new SimulationBug(
            "the answer "
                + answer
                + " put in place of "
                + stream
                + " is not in "
                + min
                + ".."
                + max);
      }
      return answer;
    }
  }
}
