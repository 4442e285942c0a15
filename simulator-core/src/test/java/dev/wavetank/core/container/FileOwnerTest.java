package dev.wavetank.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.network.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom files belong to, as the task about security contexts shows it. */
class FileOwnerTest {

  private static final KubeMap POD =
      KubeMap.of(
          "securityContext", KubeMap.of("runAsUser", 1000L, "runAsGroup", 3000L, "fsGroup", 2000L));

  private final TestContainer base = new TestContainer();

  private Container container(KubeMap podSpec, FileTree volume) {
    PodSandbox sandbox =
        base.runtime.runSandbox(
            "default", "demo", "uid-2", podSpec, IpAddress.parse("10.1.0.28"), 0);
    Container container =
        base.runtime.create(
            sandbox,
            KubeMap.of("name", "s", "image", "busybox", "command", KubeList.of("sleep", "1h")),
            KubeMap.EMPTY,
            0,
            ImmutableList.of(new Mount("/data/demo", volume, "/", false, "/dev/vda1")));
    base.runtime.start(container);
    return container;
  }

  private static String sh(Container container, String script) {
    StringBuilder out = new StringBuilder();
    container.exec(
        List.of("sh", "-c", script),
        output -> out.append(output.stdout().replaceAll(" +", " ")).append(output.stderr()));
    return out.toString();
  }

  @Test
  void aVolumeAndWhatIsMadeInItHaveTheGroupOfThePod() {
    Container container = container(POD, new FileTree());
    assertThat(sh(container, "ls -l /data")).contains("drwxrwsrwx 2 root 2000 ");
    assertThat(sh(container, "echo hello > /data/demo/testfile; ls -l /data/demo"))
        .contains("-rw-r--r-- 1 1000 2000 6 ");
    assertThat(sh(container, "echo a > /tmp/own; stat -c %u:%g /tmp/own")).isEqualTo("1000:3000\n");
    assertThat(sh(container, "stat -c %U /etc/hosts")).isEqualTo("root\n");
  }

  @Test
  void withoutASecurityContextEverythingIsRoots() {
    Container container = container(KubeMap.EMPTY, new FileTree());
    assertThat(sh(container, "mkdir /data/demo/d; echo a > /data/demo/d/f; ls -ln /data/demo/d"))
        .contains("-rw-r--r-- 1 0 0 2 ");
    assertThat(sh(container, "ls -l /data")).contains("drwxrwxrwx 2 root root ");
  }

  @Test
  void chownGivesFilesToOthers() {
    Container container = container(KubeMap.EMPTY, new FileTree());
    String made = "mkdir -p /data/demo/d; echo a > /data/demo/d/f; ";
    assertThat(sh(container, made + "chown -R 101:102 /data/demo; stat -c %u:%g /data/demo/d/f"))
        .isEqualTo("101:102\n");
    assertThat(sh(container, "chown root /data/demo/d/f; stat -c %u:%g /data/demo/d/f"))
        .isEqualTo("0:102\n");
    assertThat(sh(container, "echo more >> /data/demo/d/f; stat -c %u:%g /data/demo/d/f"))
        .as("who writes to a file does not own it")
        .isEqualTo("0:102\n");
    assertThat(sh(container, "chown 1 /none"))
        .isEqualTo("chown: /none: No such file or directory\n");
    assertThat(sh(container, "chown nginx:nginx /data/demo/d; echo $?")).isEqualTo("0\n");
  }
}
