package dev.wavetank.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers whose processes see one another. */
class ProcessNamespaceTest {

  private static final KubeMap SHELL =
      KubeMap.of("name", "shell", "image", "busybox", "command", KubeList.of("sleep", "infinity"));

  private final TestContainer pod = new TestContainer(KubeMap.of("name", "web", "image", "nginx"));

  private String ps(Container container) {
    StringBuilder out = new StringBuilder();
    container.exec(List.of("ps"), output -> out.append(output.stdout().replaceAll(" +", " ")));
    return out.toString();
  }

  private Container begin(PodSandbox sandbox, KubeMap spec) {
    Container container = pod.runtime.create(sandbox, spec, KubeMap.EMPTY, 0);
    pod.runtime.start(container);
    return container;
  }

  @Test
  void aContainerSeesItsOwnProcessesOnly() {
    Container web = pod.container;
    Container shell = begin(pod.sandbox, SHELL);
    assertThat(ps(web))
        .contains(" 1 root 0:00 /docker-entrypoint.sh nginx")
        .doesNotContain("sleep");
    assertThat(ps(shell)).contains(" 1 root 0:00 sleep infinity").doesNotContain("nginx");
  }

  @Test
  void aContainerThatDebugsAnotherSeesItsProcesses() {
    Container web = pod.container;
    Container debugger = begin(pod.sandbox, SHELL.with("targetContainerName", "web"));
    assertThat(ps(debugger))
        .contains(" 1 root 0:00 /docker-entrypoint.sh nginx", " 2 root 0:00 sleep infinity");
    assertThat(ps(web)).contains(" 2 root 0:00 sleep infinity");
    debugger.kill();
    assertThat(ps(web)).doesNotContain("sleep");
  }

  @Test
  void aPodThatSharesHasOneNamespaceWhoseFirstProcessIsItsOwn() {
    KubeMap spec = KubeMap.of("shareProcessNamespace", true);
    PodSandbox sandbox =
        pod.runtime.runSandbox("default", "one", "uid-2", spec, IpAddress.parse("10.1.0.28"), 0);
    Container web = begin(sandbox, KubeMap.of("name", "web", "image", "nginx"));
    Container shell = begin(sandbox, SHELL);
    assertThat(ps(shell))
        .contains(
            " 1 root 0:00 /pause",
            " 2 root 0:00 /docker-entrypoint.sh nginx",
            " 3 root 0:00 sleep infinity");
    web.exec(List.of("kill", "3"), output -> {});
    assertThat(shell.exitCode()).as("it is not the first process any more").isEqualTo(143);
    Container again = begin(sandbox, SHELL);
    again.exec(List.of("kill", "2"), output -> {});
    pod.later(1);
    assertThat(web.exited()).isTrue();
  }
}
