package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Property
  void wl_NAME_01_aGeneratedNameIsAtMost63Long(
      @ForAll @AlphaChars @StringLength(max = 100) String generateName) {
    String prefix = Names.generatedPrefix(generateName);
    assertThat(generateName).startsWith(prefix);
    assertThat(prefix.length()).isEqualTo(Math.min(generateName.length(), 58));
  }

  @Test
  void wl_NAME_01_noSymbolSpellsAWord() {
    assertThat(Names.ALPHABET).isEqualTo("bcdfghjklmnpqrstvwxz2456789").hasSize(27);
  }

  @Property
  void wl_NAME_04_eachCharacterHasItsSymbol(@ForAll int hash) {
    String encoded = Names.safeEncode(hash);
    String decimal = Integer.toUnsignedString(hash);
    assertThat(encoded).hasSameSizeAs(decimal).matches("[456789bcdf]{1,10}");
    for (int i = 0; i < decimal.length(); i++) {
      assertThat(encoded.charAt(i)).isEqualTo("456789bcdf".charAt(decimal.charAt(i) - '0'));
    }
  }

  @Test
  void wl_NAME_03_theHashOfTheSeedsTemplate() {
    Object template =
        Manifests.parse(
                "seed.yaml",
                """
                apiVersion: v1
                kind: Template
                template:
                  metadata:
                    labels:
                      app: todobackend
                  spec:
                    restartPolicy: Always
                    dnsPolicy: ClusterFirst
                    securityContext: {}
                    terminationGracePeriodSeconds: 30
                    schedulerName: default-scheduler
                    containers:
                    - name: todobackend
                      image: 385605022855.dkr.ecr.us-east-1.amazonaws.com/docker-in-aws/todobackend
                      imagePullPolicy: IfNotPresent
                      terminationMessagePath: /dev/termination-log
                      terminationMessagePolicy: File
                      readinessProbe: &probe
                        httpGet: {port: 8000, path: /, scheme: HTTP}
                        timeoutSeconds: 1
                        periodSeconds: 10
                        successThreshold: 1
                        failureThreshold: 3
                      livenessProbe: *probe
                      command:
                      - uwsgi
                      - --http=0.0.0.0:8000
                      - --module=todobackend.wsgi
                      - --master
                      - --die-on-term
                      - --processes=4
                      - --threads=2
                      - --check-static=/public
                      env:
                      - name: DJANGO_SETTINGS_MODULE
                        value: todobackend.settings_release
                """)
            .get(0)
            .object()
            .at("template");
    assertThat(template).isInstanceOf(KubeMap.class);
    assertThat(Names.podTemplateHash((KubeMap) template, null)).isEqualTo("7bd78578bd");
  }

  @Test
  void wl_NAME_03_collisionsChangeTheHash() {
    KubeMap template = KubeMap.of("metadata", KubeMap.EMPTY);
    assertThat(Names.podTemplateHash(template, 0L))
        .isNotEqualTo(Names.podTemplateHash(template, null))
        .isNotEqualTo(Names.podTemplateHash(template, 1L));
  }
}
