package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * "Debug Services" by the real kubectl: three pods that tell their names, a Service, and the steps
 * by which a reader finds out at which of them it fails.
 */
class RealKubectlDebugServicesTest {

  @TempDir Path directory;

  private ServedTutorial tutorial;

  @BeforeEach
  void serve() throws Exception {
    tutorial = ServedTutorial.start(directory);
    assertThat(
            tutorial.said(
                "kubectl create deployment hostnames --image=registry.k8s.io/serve_hostname"))
        .isEqualTo("deployment.apps/hostnames created\n");
    assertThat(tutorial.said("kubectl scale deployment hostnames --replicas=3"))
        .isEqualTo("deployment.apps/hostnames scaled\n");
    tutorial.said(
        "kubectl run busybox --restart=Never --image=gcr.io/google-containers/busybox"
            + " --command -- sleep 3600");
    tutorial.pass(30);
  }

  @AfterEach
  void end() throws Exception {
    if (tutorial != null) {
      tutorial.close();
    }
  }

  private String expose() {
    assertThat(tutorial.said("kubectl expose deployment hostnames --port=80 --target-port=9376"))
        .isEqualTo("service/hostnames exposed\n");
    tutorial.pass(3);
    return tutorial.said("kubectl get svc hostnames -o jsonpath={.spec.clusterIP}");
  }

  private List<String> pods(String field) {
    String words =
        tutorial.said(
            "kubectl get pods -l app=hostnames -o go-template='{{range .items}}{{"
                + field
                + "}}{{\"\\n\"}}{{end}}'");
    return Arrays.asList(words.split("\n"));
  }

  /** A script that asks each place and ends each answer with a line break. */
  private static String askEach(List<String> places) {
    return "for ep in " + String.join(" ", places) + "; do wget -qO- $ep; echo; done";
  }

  @Test
  void podsServeBeforeThereIsAService() {
    List<String> names = pods(".metadata.name");
    List<String> places = new ArrayList<>();
    pods(".status.podIP").forEach(ip -> places.add(ip + ":9376"));
    assertThat(names).hasSize(3).allMatch(name -> name.matches("hostnames-[a-z0-9]+-[a-z0-9]{5}"));
    assertThat(tutorial.inPod("busybox", askEach(places)))
        .isEqualTo(String.join("\n", names) + "\n");
    assertThat(tutorial.inPod("busybox", "wget -O- hostnames"))
        .isEqualTo("wget: bad address 'hostnames'\ncommand terminated with exit code 1\n");
    assertThat(tutorial.said("kubectl get svc hostnames"))
        .isEqualTo("Error from server (NotFound): services \"hostnames\" not found\n");
  }

  @Test
  void theServiceHasAnAddressAndAllItsNames() {
    String ip = expose();
    assertThat(tutorial.said("kubectl get svc hostnames --no-headers").replaceAll(" +", " "))
        .matches("hostnames ClusterIP " + ip + " <none> 80/TCP \\S+\n");
    String server =
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";
    for (String name :
        List.of("hostnames", "hostnames.default", "hostnames.default.svc.cluster.local")) {
      assertThat(tutorial.inPod("busybox", "nslookup " + name))
          .isEqualTo(
              server
                  + "Name:      "
                  + name
                  + "\nAddress 1: "
                  + ip
                  + " hostnames.default.svc.cluster.local\n");
    }
    assertThat(tutorial.inPod("busybox", "nslookup kubernetes.default"))
        .isEqualTo(
            server
                + "Name:      kubernetes.default\n"
                + "Address 1: 10.96.0.1 kubernetes.default.svc.cluster.local\n");
    assertThat(tutorial.inPod("busybox", "nslookup nosuch"))
        .isEqualTo(
            server + "nslookup: can't resolve 'nosuch'\ncommand terminated with exit code 1\n");
    assertThat(tutorial.inPod("busybox", "cat /etc/resolv.conf").lines().sorted())
        .containsExactly(
            "nameserver 10.96.0.10",
            "options ndots:5",
            "search default.svc.cluster.local svc.cluster.local cluster.local");
  }

  @Test
  void theClusterAddressLeadsToThePods() {
    String ip = expose();
    String three = "for i in $(seq 1 3); do wget -qO- " + ip + ":80; echo; done";
    assertThat(tutorial.inPod("busybox", three).lines())
        .hasSize(3)
        .allMatch(pods(".metadata.name")::contains);
    assertThat(tutorial.said("kubectl get service hostnames -o json"))
        .contains("\"port\": 80", "\"targetPort\": 9376", "\"app\": \"hostnames\"");
    String slices =
        tutorial.said(
            "kubectl get endpointslices -l kubernetes.io/service-name=hostnames --no-headers");
    assertThat(slices).matches("hostnames-[a-z0-9]{5} +IPv4 +9376 +\\S+ +\\S+\n");
    assertThat(List.of(slices.split(" +")[3].split(",")))
        .containsExactlyInAnyOrderElementsOf(pods(".status.podIP"));
  }

  private String onNode(String script) {
    Output output =
        tutorial.run(
            "kubectl debug node/node-2 -i --image=busybox --profile=general -- chroot /host sh",
            script + "; exit 0\n");
    String said = output.stdout();
    int first = said.indexOf('\n') + 1;
    assertThat(said.substring(0, first))
        .matches(
            "Creating debugging pod node-debugger-node-2-[a-z0-9]{5} with container debugger on"
                + " node node-2\\.\n");
    return said.substring(first);
  }

  @Test
  void aNodeHasARuleForTheServiceAndAChainForEachPod() {
    String ip = expose();
    String rules = onNode("iptables-save | grep hostnames");
    assertThat(rules.lines().filter(line -> line.startsWith("-A KUBE-SERVICES ")))
        .singleElement()
        .asString()
        .startsWith(
            "-A KUBE-SERVICES -d "
                + ip
                + "/32 -p tcp -m comment --comment \"default/hostnames cluster IP\" -m tcp --dport"
                + " 80 -j KUBE-SVC-");
    for (String pod : pods(".status.podIP")) {
      assertThat(rules.lines().filter(line -> line.startsWith("-A KUBE-SEP-")))
          .anyMatch(line -> line.endsWith("-j DNAT --to-destination " + pod + ":9376"))
          .anyMatch(
              line -> line.contains(" -s " + pod + "/32 ") && line.endsWith("-j KUBE-MARK-MASQ"));
    }
    assertThat(
            rules
                .lines()
                .filter(line -> line.matches("-A KUBE-SVC-\\S+ -m comment .* -j KUBE-SEP-\\S+")))
        .hasSize(3);
    assertThat(pods(".metadata.name")).contains(onNode("wget -qO- " + ip + ":80"));
    assertThat(tutorial.inPod("busybox", "iptables-save")).isEmpty();
  }

  @Test
  void aPodReachesItselfThroughItsService() {
    String ip = expose();
    String pod = pods(".metadata.name").get(0);
    assertThat(
            tutorial
                .inPod(pod, "for i in $(seq 1 30); do wget -qO- -T 2 " + ip + ":80; echo; done")
                .lines())
        .hasSize(30)
        .contains(pod)
        .allMatch(pods(".metadata.name")::contains);
  }

  @Test
  void aSelectorOrAPortThatIsWrongShows() {
    String ip = expose();
    tutorial.said("kubectl set selector service hostnames run=hostnames");
    tutorial.pass(5);
    assertThat(
            tutorial.said(
                "kubectl get endpointslices -l kubernetes.io/service-name=hostnames --no-headers"))
        .contains("<unset>");
    assertThat(tutorial.inPod("busybox", "wget -qO- -T 3 " + ip + ":80"))
        .isEqualTo(
            "wget: can't connect to remote host ("
                + ip
                + "): Connection refused\ncommand terminated with exit code 1\n");
    tutorial.said("kubectl set selector service hostnames app=hostnames");
    tutorial.said(
        "kubectl patch service hostnames -p"
            + " '{\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":9999}]}}'");
    tutorial.pass(5);
    assertThat(tutorial.inPod("busybox", "wget -qO- -T 3 " + ip + ":80"))
        .contains("Connection refused");
    tutorial.said(
        "kubectl patch service hostnames -p"
            + " '{\"spec\":{\"ports\":[{\"port\":80,\"targetPort\":9376}]}}'");
    tutorial.pass(5);
    assertThat(pods(".metadata.name"))
        .contains(tutorial.inPod("busybox", "wget -qO- -T 3 " + ip + ":80"));
  }

  @Test
  void podsAnswerAPingAndAClusterAddressDoesNot() {
    String ip = expose();
    String pod = pods(".status.podIP").get(0);
    assertThat(tutorial.inPod("busybox", "ping -c 2 " + pod))
        .matches(
            "PING IP \\(IP\\): 56 data bytes\n".replace("IP", pod)
                + "64 bytes from IP: seq=0 ttl=62 time=\\d+\\.\\d{3} ms\n".replace("IP", pod)
                + "64 bytes from IP: seq=1 ttl=62 time=\\d+\\.\\d{3} ms\n".replace("IP", pod)
                + "\n--- IP ping statistics ---\n".replace("IP", pod)
                + "2 packets transmitted, 2 packets received, 0% packet loss\n"
                + "round-trip min/avg/max = [0-9./]+ ms\n");
    assertThat(tutorial.inPod("busybox", "ping -c 2 -W 1 hostnames"))
        .isEqualTo(
            """
            PING hostnames (IP): 56 data bytes

            --- hostnames ping statistics ---
            2 packets transmitted, 0 packets received, 100% packet loss
            command terminated with exit code 1
            """
                .replace("IP", ip));
    assertThat(tutorial.inPod("busybox", "ping -c 1 nosuch"))
        .isEqualTo("ping: bad address 'nosuch'\ncommand terminated with exit code 1\n");
  }

  @Test
  void eachImageSaysInItsOwnWordsThatACommandIsNotThere() {
    tutorial.said("kubectl run debian --image=debian -- sleep 3600");
    tutorial.pass(30);
    assertThat(tutorial.inPod("busybox", "frob"))
        .isEqualTo("sh: frob: not found\ncommand terminated with exit code 127\n");
    assertThat(tutorial.inPod("debian", "true\nfrob"))
        .isEqualTo("sh: 2: frob: not found\ncommand terminated with exit code 127\n");
    assertThat(tutorial.said("kubectl exec debian -- bash -c frob"))
        .isEqualTo(
            "bash: line 1: frob: command not found\ncommand terminated with exit code 127\n");
  }
}
