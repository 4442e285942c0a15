package dev.wavetank.core.container.program.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.Mount;
import org.junit.jupiter.api.Test;

/** Programs that tell about the container, its processes, files, volumes and network. */
class SystemProgramsTest {

  private final TestContainer pod = new TestContainer();

  @Test
  void dfOfAPathIsTheLineOfItsFileSystem() {
    TestContainer own = new TestContainer();
    assertThat(own.sh("df -h /tmp | tail -n +2").stdout()).matches("overlay .* /\n");
    assertThat(own.sh("df /dev/null | wc -l").stdout().trim()).isEqualTo("2");
    ProgramOutput none = own.sh("df /none");
    assertThat(none.stderr()).isEqualTo("df: /none: can't find mount point\n");
    assertThat(none.exitCode()).isEqualTo(1);
  }

  @Test
  void idTellsTheUserOfTheSecurityContext() {
    assertThat(pod.sh("id; whoami").stdout())
        .isEqualTo("uid=0(root) gid=0(root) groups=0(root),10(wheel)\nroot\n");
    KubeMap user = KubeMap.of("runAsUser", 1000L, "runAsGroup", 3000L);
    TestContainer other =
        new TestContainer(
            TestContainer.spec("busybox", "sleep", "1d").with("securityContext", user));
    assertThat(other.sh("id").stdout()).isEqualTo("uid=1000 gid=3000 groups=3000\n");
    assertThat(other.sh("id -u; whoami"))
        .isEqualTo(new ProgramOutput(1, "1000\n", "whoami: unknown uid 1000\n"));
  }

  @Test
  void psShowsTheProcessesOfTheContainer() {
    assertThat(pod.sh("sleep 9 & ps").stdout())
        .startsWith("PID   USER     TIME  COMMAND\n    1 root      0:00 sleep infinity\n")
        .contains(" root      0:00 sleep 9\n", " root      0:00 ps\n");
    assertThat(pod.sh("top -b -n 1").stdout()).contains("PID  PPID USER", "sleep infinity");
    TestContainer server = new TestContainer(KubeMap.of("name", "app", "image", "nginx"));
    assertThat(server.sh("ps | head -n 2").stdout()).contains("    1 root      0:00 /docker-entry");
  }

  @Test
  void listensShowPortsOfThePod() {
    TestContainer server = new TestContainer(KubeMap.of("name", "app", "image", "nginx"));
    assertThat(server.sh("netstat -tln | tail -n 1").stdout())
        .isEqualTo(
            "tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN     \n");
    assertThat(server.sh("ss -ltn | wc -l").stdout()).isEqualTo("2\n");
  }

  @Test
  void addressesOfThePod() {
    assertThat(pod.sh("ip addr show eth0 | grep -w inet").stdout())
        .contains("    inet 10.1.0.27/24 brd 10.1.0.255 scope global eth0\n");
    assertThat(pod.sh("ip route | head -1; hostname -i").stdout())
        .isEqualTo("default via 10.1.0.1 dev eth0 \n10.1.0.27\n");
  }

  @Test
  void dateIsThatOfTheSimulation() {
    assertThat(pod.sh("date -u +%Y-%m-%dT%H:%M:%SZ").stdout().trim())
        .isEqualTo(pod.simulation.instant().toString());
    assertThat(pod.sh("date").stdout())
        .matches("\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d UTC \\d{4}\n");
    assertThat(pod.sh("date +%s; date nope").exitCode()).isEqualTo(1);
  }

  @Test
  void lsShowsModesInLetters() {
    pod.sh("mkdir /d; echo hello > /d/f; chmod 600 /d/f");
    assertThat(pod.sh("ls -l /d").stdout())
        .matches(
            "total 4\n-rw-------    1 root     root             6 \\w{3} [ \\d]\\d \\d\\d:\\d\\d f\n");
    assertThat(pod.sh("ls -ld /d").stdout()).startsWith("drwxr-xr-x    2 root     root ");
    assertThat(pod.sh("ls /nope"))
        .isEqualTo(new ProgramOutput(1, "", "ls: /nope: No such file or directory\n"));
  }

  @Test
  void timeoutEndsAProgram() {
    assertThat(pod.sh("timeout 2 sleep 10").exitCode()).isEqualTo(143);
    assertThat(pod.seconds()).isEqualTo(2);
    assertThat(pod.sh("timeout 5 sh -c 'exit 3'").exitCode()).isEqualTo(3);
  }

  @Test
  void hostTellsAddressesInWords() {
    pod.network.prints(
        "dig +search +noall +answer +comments web",
        ProgramOutput.ok(
            """
            ;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
            web.default.svc.cluster.local. 30 IN A 10.96.0.7
            """));
    assertThat(pod.sh("host web").stdout())
        .isEqualTo("web.default.svc.cluster.local has address 10.96.0.7\n");
    pod.network.prints(
        "dig +search +noall +answer +comments nope",
        ProgramOutput.ok(";; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n"));
    assertThat(pod.sh("host nope"))
        .isEqualTo(new ProgramOutput(1, "Host nope not found: 3(NXDOMAIN)\n", ""));
  }

  @Test
  void volumesAreSharedAndShown() {
    FileTree tree = new FileTree();
    Mount mount = new Mount("/data", tree, "/", false, "tmpfs");
    Container first = mounted(mount, TestContainer.spec("busybox", "sleep", "1d"));
    pod.container = first;
    assertThat(pod.sh("echo hi > /data/f; mkdir /data/d; ls /data").stdout()).isEqualTo("d\nf\n");
    assertThat(tree.read("/f")).isEqualTo("hi\n");
    Mount sub = new Mount("/etc/one", tree, "/f", true, "/dev/sda1");
    pod.container = mounted(sub, TestContainer.spec("busybox", "sleep", "1d"));
    assertThat(pod.sh("cat /etc/one; ls /etc; echo x > /etc/one"))
        .isEqualTo(
            new ProgramOutput(
                1,
                "hi\nhostname\nhosts\none\nresolv.conf\n",
                "sh: can't create /etc/one: Read-only file system\n"));
    assertThat(pod.sh("mount | grep one; df -h | grep one | wc -l").stdout())
        .isEqualTo("/dev/sda1 on /etc/one type ext4 (ro,relatime)\n1\n");
  }

  private Container mounted(Mount mount, KubeMap spec) {
    Container container =
        pod.runtime.create(pod.sandbox, spec, KubeMap.EMPTY, 0, ImmutableList.of(mount));
    pod.runtime.start(container);
    return container;
  }

  @Test
  void readOnlyRootFileSystemTakesNothing() {
    KubeMap only = KubeMap.of("readOnlyRootFilesystem", true);
    TestContainer fixed =
        new TestContainer(
            KubeMap.of(
                "name",
                "app",
                "image",
                "busybox",
                "command",
                KubeList.of("sleep", "1d"),
                "securityContext",
                only));
    assertThat(fixed.sh("touch /tmp/x").stderr())
        .isEqualTo("touch: /tmp/x: Read-only file system\n");
    assertThat(fixed.sh("echo x > /dev/null").exitCode()).isZero();
  }
}
