package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How images get to a node, and what is said when they do not. */
class ImagePullTest {

  private static final String NOT_FOUND =
      "rpc error: code = NotFound desc = failed to pull and unpack image"
          + " \"docker.io/library/nope:latest\": failed to resolve reference"
          + " \"docker.io/library/nope:latest\": docker.io/library/nope:latest: not found";

  private final KubeletCluster cluster = new KubeletCluster();

  private void pod(String image, String policy) {
    cluster.pod("{containers: [{name: c, image: " + image + ", imagePullPolicy: " + policy + "}]}");
  }

  private List<String> reasons(double seconds) {
    List<String> reasons = new ArrayList<>();
    double end = cluster.now() + seconds;
    while (cluster.now() < end) {
      cluster.run(0.1);
      String reason = cluster.waitingReason("c");
      if (reasons.isEmpty() || !reasons.get(reasons.size() - 1).equals(reason)) {
        reasons.add(reason);
      }
    }
    return reasons;
  }

  @Test
  void wl_KUBELET_12_errImagePullAndImagePullBackOffAlternate() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    assertThat(reasons(60))
        .containsExactly(
            "ContainerCreating",
            "ErrImagePull",
            "ImagePullBackOff",
            "ErrImagePull",
            "ImagePullBackOff",
            "ErrImagePull",
            "ImagePullBackOff");
  }

  @Test
  void wl_KUBELET_12_pullsAreTriedAfter10To300Seconds() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    List<Double> pulls = new ArrayList<>();
    cluster.simulation.listen(
        (number, timeNanos, what, subject, cause) -> {
          if (what.equals("runtime/pulled")) {
            pulls.add(timeNanos / 1e9);
          }
        });
    cluster.until("8 pulls", c -> pulls.size() == 8);
    List<Long> waits = new ArrayList<>();
    for (int i = 1; i < pulls.size(); i++) {
      waits.add(Math.round(pulls.get(i) - pulls.get(i - 1)));
    }
    // A sync comes at best each 10 s, and a pull fails half a second after it began.
    assertThat(waits).containsExactly(11L, 21L, 41L, 81L, 161L, 301L, 301L);
  }

  @Test
  void wl_KUBELET_12_theWaitIsForAPodAndAnImage() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    cluster.until("waits", c -> c.waitingReason("c").equals("ImagePullBackOff"));
    cluster.pod("q", "containers: [{name: c, image: nope, imagePullPolicy: IfNotPresent}]");
    double created = cluster.now();
    double tried =
        cluster.until(
            "second pod tries",
            c ->
                c.eventObjects().stream()
                    .anyMatch(
                        e ->
                            e.root().string("reason", "").equals("Failed")
                                && e.root()
                                    .mapOrEmpty("involvedObject")
                                    .string("name", "")
                                    .equals("q")));
    assertThat(tried - created).isLessThan(2);
  }

  @Test
  void wl_KUBELET_13_whatIsSaidWhenAPullFails() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    cluster.until("waits", c -> c.waitingReason("c").equals("ImagePullBackOff"));
    assertThat(cluster.events())
        .startsWith(
            "Normal Pulling Pulling image \"nope\"",
            "Warning Failed Failed to pull image \"nope\": " + NOT_FOUND,
            "Warning Failed Error: ErrImagePull",
            "Normal BackOff Back-off pulling image \"nope\"",
            "Warning Failed Error: ImagePullBackOff");
    assertThat(cluster.state("c").mapOrEmpty("waiting"))
        .isEqualTo(
            KubeMap.of(
                "message",
                "Back-off pulling image \"nope\": ErrImagePull: " + NOT_FOUND,
                "reason",
                "ImagePullBackOff"));
  }

  @Test
  void wl_KUBELET_13_theMessageOfErrImagePull() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    cluster.until("fails", c -> c.waitingReason("c").equals("ErrImagePull"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message")).isEqualTo(NOT_FOUND);
  }

  @Test
  void wl_KUBELET_13_ifNotPresentUsesWhatIsThere() {
    pod("app", "IfNotPresent");
    cluster.run(5);
    assertThat(cluster.events())
        .first()
        .isEqualTo(
            "Normal Pulled Container image \"app\" already present on machine and can be accessed"
                + " by the pod");
  }

  @Test
  void wl_KUBELET_13_alwaysPullsWhatIsThereToo() {
    pod("app", "Always");
    cluster.run(5);
    assertThat(cluster.events().subList(0, 2))
        .allSatisfy(
            e ->
                assertThat(e)
                    .matches(
                        "Normal (Pulling Pulling image \"app\"|Pulled Successfully pulled image"
                            + " \"app\" in 500ms \\(500ms including waiting\\). Image size: \\d+"
                            + " bytes.)"));
  }

  @Test
  void wl_KUBELET_14_neverWithoutTheImage() {
    pod("absent", "Never");
    cluster.until("fails", c -> c.waitingReason("c").equals("ErrImageNeverPull"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message"))
        .isEqualTo("Container image \"absent\" is not present with pull policy of Never");
    assertThat(cluster.events())
        .startsWith(
            "Warning ErrImageNeverPull Container image \"absent\" is not present with pull policy"
                + " of Never",
            "Warning Failed Error: ErrImageNeverPull");
  }

  @Test
  void wl_KUBELET_14_neverWithTheImage() {
    pod("app", "Never");
    assertThat(cluster.until("runs", c -> c.phase().equals("Running"))).isLessThan(1);
  }

  @Test
  void wl_KUBELET_14_anInvalidName() {
    pod("'no good'", "IfNotPresent");
    cluster.until("fails", c -> c.waitingReason("c").equals("InvalidImageName"));
    String message =
        "Failed to apply default image tag \"no good\": couldn't parse image name \"no good\":"
            + " invalid reference format";
    assertThat(cluster.state("c").mapOrEmpty("waiting").get("message")).isEqualTo(message);
    assertThat(cluster.events())
        .startsWith("Warning InspectFailed " + message, "Warning Failed Error: InvalidImageName");
  }

  @Test
  void wl_KUBELET_14_aNameInUpperCase() {
    pod("NGINX", "IfNotPresent");
    cluster.until("fails", c -> c.waitingReason("c").equals("InvalidImageName"));
    assertThat(cluster.state("c").mapOrEmpty("waiting").string("message", ""))
        .endsWith(
            "couldn't parse image name \"NGINX\": invalid reference format: repository name"
                + " (library/NGINX) must be lowercase");
  }

  @Test
  void anImageThatIsHealedIsPulledAtTheNextTry() {
    cluster.images.absent("nope");
    pod("nope", "IfNotPresent");
    cluster.until("waits", c -> c.waitingReason("c").equals("ImagePullBackOff"));
    cluster.images.failPulls("nope", "");
    cluster.until("runs", c -> c.phase().equals("Running"));
    assertThat(cluster.node().runtime().present("nope")).isTrue();
  }

  @Test
  void wl_TIME_08_pullsOfANodeRunOneAtATime() {
    cluster.image("{image: one, size: 100M}").image("{image: two, size: 100M}");
    cluster.pod("{containers: [{name: c, image: one}]}");
    cluster.pod("q", "containers: [{name: c, image: two}]");
    cluster.run(30);
    assertThat(pulled("p"))
        .isEqualTo(
            "Successfully pulled image \"one\" in 5.5s (5.5s including waiting). Image size:"
                + " 100000000 bytes.");
    assertThat(pulled("q"))
        .isEqualTo(
            "Successfully pulled image \"two\" in 5.5s (11s including waiting). Image size:"
                + " 100000000 bytes.");
  }

  private String pulled(String pod) {
    return cluster.eventObjects().stream()
        .filter(e -> e.root().mapOrEmpty("involvedObject").string("name", "").equals(pod))
        .filter(e -> e.root().string("reason", "").equals("Pulled"))
        .map(e -> e.root().string("message", ""))
        .findFirst()
        .orElse("");
  }

  @Test
  void aSlowRegistryTakesLonger() {
    cluster.image("{image: one, size: 100M}");
    cluster.node().runtime().slowPulls(10);
    cluster.pod("{containers: [{name: c, image: one}]}");
    assertThat(cluster.until("runs", c -> c.phase().equals("Running"))).isBetween(55.0, 56.0);
  }
}
