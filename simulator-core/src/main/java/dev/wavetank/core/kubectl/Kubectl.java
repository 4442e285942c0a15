package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flag;
import dev.wavetank.core.kubectl.flags.FlagException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.util.ArrayList;
import java.util.List;

/**
 * kubectl against an API server in the same JVM: the same words, texts and exit codes as the real
 * one. A command that waits lets virtual time pass by its {@link VirtualClock}; every other command
 * takes no time.
 *
 * <p>The list below is the table of contents: a command is a class of its own.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/cmd.go (v1.36).
 */
public final class Kubectl {

  private static final byte[] NO_INPUT = new byte[0];

  private final Session session;
  private final FlagSet globalFlags = GlobalFlags.set();

  private final CommandGroup commands =
      new CommandGroup(
          "kubectl",
          "kubectl controls the Kubernetes cluster manager",
          new CreateCommand(),
          new ExposeCommand(),
          new RunCommand(),
          new CommandGroup(
              "set",
              "Set specific features on objects",
              new SetImageCommand(),
              new SetResourcesCommand(),
              new SetSelectorCommand(),
              new AbsentCommand("subject"),
              new SetServiceAccountCommand(),
              new SetEnvCommand()),
          new AbsentCommand("explain"),
          new GetCommand(),
          new AbsentCommand("edit"),
          new DeleteCommand(),
          new CommandGroup(
              "rollout",
              "Manage the rollout of a resource",
              new RolloutHistoryCommand(),
              RolloutChangeCommand.pause(),
              RolloutChangeCommand.resume(),
              new RolloutUndoCommand(),
              new RolloutStatusCommand(),
              RolloutChangeCommand.restart()),
          new ScaleCommand(),
          new AbsentCommand("autoscale"),
          new AbsentCommand("certificate"),
          new ClusterInfoCommand(),
          new CommandGroup(
              "top", "Display resource (CPU/memory) usage", TopCommand.node(), TopCommand.pod()),
          CordonCommand.cordon(),
          CordonCommand.uncordon(),
          new DrainCommand(),
          new TaintCommand(),
          new DescribeCommand(),
          new LogsCommand(),
          new AbsentCommand("attach"),
          new ExecCommand(),
          new AbsentCommand("port-forward"),
          new AbsentCommand("proxy"),
          new AbsentCommand("cp"),
          new AbsentCommand("auth"),
          new AbsentCommand("debug"),
          new EventsCommand(),
          new AbsentCommand("diff"),
          new ApplyCommand(),
          new PatchCommand(),
          new ReplaceCommand(),
          new WaitCommand(),
          new AbsentCommand("kustomize"),
          new LabelCommand(),
          new AnnotateCommand(),
          new AbsentCommand("completion"),
          new AbsentCommand("alpha"),
          new AbsentCommand("config"),
          new AbsentCommand("plugin"),
          new VersionCommand(),
          new ApiVersionsCommand(),
          new ApiResourcesCommand(),
          new AbsentCommand("options"));

  private Kubectl(Session session) {
    this.session = session;
  }

  /** kubectl with a cluster and nothing else: no files, no streams, no time that could pass. */
  public static Builder builder(ApiServer server) {
    return new Builder(server);
  }

  /** What kubectl has around it. */
  public static final class Builder {
    private final ApiServer server;
    private VirtualClock clock = (condition, limitNanos) -> condition.getAsBoolean();
    private FileSource files = FileSource.NONE;
    private PodStreams streams = PodStreams.NONE;
    private String context = "wavetank";
    private String namespace = "default";
    private String serverAddress = "https://127.0.0.1:6443";

    private Builder(ApiServer server) {
      this.server = server;
    }

    /** Who lets time pass while a command waits. */
    public Builder clock(VirtualClock passes) {
      clock = passes;
      return this;
    }

    /** Where the files of {@code -f} and {@code --from-file} are. */
    public Builder files(FileSource source) {
      files = source;
      return this;
    }

    /** Logs and commands of containers. */
    public Builder streams(PodStreams pods) {
      streams = pods;
      return this;
    }

    /** The name of the one context, and the namespace that it names. */
    public Builder context(String name, String defaultNamespace) {
      context = name;
      namespace = defaultNamespace;
      return this;
    }

    /** Where {@code cluster-info} says that the API server is. */
    public Builder serverAddress(String url) {
      serverAddress = url;
      return this;
    }

    public Kubectl build() {
      return new Kubectl(
          new Session(server, clock, files, streams, context, namespace, serverAddress));
    }
  }

  /**
   * Runs a command line, split into words as a POSIX shell splits it. Its first word may be {@code
   * kubectl}.
   *
   * @throws IllegalArgumentException when a quote is not closed
   */
  public Output run(String commandLine) {
    return run(Words.split(commandLine));
  }

  /** Runs a command without input. */
  public Output run(List<String> argv) {
    return run(argv, NO_INPUT);
  }

  /**
   * Runs a command.
   *
   * @param argv its words; the first may be {@code kubectl}
   * @param stdin what it reads from standard input
   */
  public Output run(List<String> argv, byte[] stdin) {
    boolean named = !argv.isEmpty() && argv.get(0).equals("kubectl");
    List<String> words = new ArrayList<>(named ? argv.subList(1, argv.size()) : argv);
    Command command = commands;
    StringBuilder path = new StringBuilder("kubectl");
    for (int next = nextWord(command, words); next >= 0; next = nextWord(command, words)) {
      Command sub = command.subcommand(words.get(next));
      if (sub == null) {
        break;
      }
      words.remove(next);
      path.append(' ').append(sub.name());
      command = sub;
    }
    return run(command, path.toString(), words, stdin);
  }

  /** Where the next word is that is no flag and no flag's value; -1 when there is none. */
  private int nextWord(Command command, List<String> words) {
    if (command.subcommands().isEmpty()) {
      return -1;
    }
    for (int i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
      String word = words.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        return i;
      }
      boolean known =
          knows(command.flags(), word)
              ? command.flags().takesNext(word)
              : globalFlags.takesNext(word);
      i += known ? 1 : 0;
    }
    return -1;
  }

  private static boolean knows(FlagSet flags, String word) {
    for (Flag flag : flags.all()) {
      if (word.equals("--" + flag.name()) || word.equals("-" + flag.shorthand())) {
        return true;
      }
    }
    return false;
  }

  private Output run(Command command, String path, List<String> words, byte[] stdin) {
    FlagSet known = new FlagSet().addAll(command.flags()).addAll(globalFlags);
    if (command instanceof AbsentCommand) {
      return finish(command, new Invocation(session, path, known.parse(List.of()), stdin));
    }
    Flags flags;
    try {
      flags = known.parse(words);
    } catch (FlagException e) {
      return new Output(
          "", "error: " + e.getMessage() + "\nSee '" + path + " --help' for usage.\n", 1);
    }
    Invocation call = new Invocation(session, path, flags, stdin);
    for (Flags.Given given : flags.given()) {
      if (!given.flag().deprecated().isEmpty()) {
        call.printError(
            "Flag --"
                + given.flag().name()
                + " has been deprecated, "
                + given.flag().deprecated()
                + "\n");
      }
    }
    if (flags.bool("help")) {
      call.print(Help.of(command, path));
      return call.output(0);
    }
    return finish(command, call);
  }

  private Output finish(Command command, Invocation call) {
    try {
      GlobalFlags.check(call.flags(), session);
      if (command == commands) {
        root(call);
      } else {
        command.checkRequired(call);
        command.run(call);
      }
      requireNoWarnings(call);
      return call.output(0);
    } catch (ApiException | CommandException e) {
      call.printError(ErrorText.of(e));
      return call.output(ErrorText.exitCode(e));
    }
  }

  private static void requireNoWarnings(Invocation call) {
    int count = call.warningCount();
    if (count > 0 && call.flags().bool("warnings-as-errors")) {
      throw CommandException.of(count + (count == 1 ? " warning" : " warnings") + " received");
    }
  }

  /** kubectl without a command that it knows. */
  private void root(Invocation call) {
    if (call.args().isEmpty()) {
      call.print(Help.of(commands, "kubectl"));
      return;
    }
    String word = call.args().get(0);
    StringBuilder message =
        new StringBuilder("unknown command \"").append(word).append("\" for \"kubectl\"");
    ImmutableList<String> near = Suggestions.of(word, commands.subcommands());
    if (!near.isEmpty()) {
      message.append("\n\nDid you mean this?\n");
      near.forEach(name -> message.append('\t').append(name).append('\n'));
    }
    throw CommandException.of(message.toString());
  }
}
