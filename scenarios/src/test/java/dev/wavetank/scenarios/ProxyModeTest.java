package dev.wavetank.scenarios;

import org.junit.jupiter.api.Test;

/** The modes of kube-proxy, from a scenario's setting to what its printed rules do. */
class ProxyModeTest {

  private static final String NFTABLES =
      """
      scenario: A cluster with nftables
      cluster: {nodes: 2, uptime: 20s, proxy-mode: nftables, preloaded: [todobackend, busybox]}
      steps:
      - kubectl: run client --image=busybox --image-pull-policy=IfNotPresent -- sleep 1d
      - apply: |
          apiVersion: v1
          kind: Service
          metadata: {name: web}
          spec:
            clusterIP: 10.96.0.77
            selector: {app: web}
            ports: [{port: 80, targetPort: 8000}]
          ---
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web}
          spec:
            replicas: 4
            selector: {matchLabels: {app: web}}
            template:
              metadata: {labels: {app: web}}
              spec:
                containers:
                - {name: web, image: todobackend, imagePullPolicy: IfNotPresent}
      - wait-for: {ready: {deployment/web: 4, pod/client: 1}}
      - run: 5s
      - connect: {from: pod/client, to: "web:80", times: 8, path: /, status: 200, spread: even}
      - path: {from: pod/client, to: "web:80"}
        contains:
        - "vmap @service-ips"
        - "finds 10.96.0.77 . tcp . 80 in @service-ips: goes on in service-"
        - "numgen inc mod 4 gives"
      - connect: {from: pod/client, to: "web:81", outcome: refused}
      - connect: {from: pod/client, to: "10.96.0.78:80", outcome: timeout}
      - nft-list: node-1
        grep: 10.96.0.77
        contains: "10.96.0.77 . tcp . 80 : goto service-"
      """;

  private static void run(String name, String text) {
    PassedRun.of(name, text, 1);
  }

  @Test
  void aClusterInIpvsMode() {
    String start = NFTABLES.substring(0, NFTABLES.indexOf("- path:"));
    run(
        "ipvs.yaml",
        start.replace("nftables", "ipvs")
            + """
            - path: {from: pod/client, to: "web:80"}
              contains: "rr chooses: destination becomes 10.244."
            - connect: {from: pod/client, to: "web:81", outcome: refused}
            - connect: {from: pod/client, to: "10.96.0.78:80", outcome: timeout}
            - {ipvsadm: node-1, contains: "TCP  10.96.0.77:80 rr"}
            - {iptables-save: node-1, contains: "--match-set KUBE-CLUSTER-IP dst,dst"}
            """);
  }

  @Test
  void aClusterInNftablesMode() {
    run("nftables.yaml", NFTABLES);
  }
}
