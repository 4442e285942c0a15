package dev.wavetank.scheduler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.framework.ExtensionPoint;
import dev.wavetank.scheduler.framework.Plugin;
import dev.wavetank.scheduler.framework.PluginSet;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.queue.BackoffLimits;
import dev.wavetank.scheduler.whatif.DryRun;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** Files of kind KubeSchedulerConfiguration: what they come to, and what is refused. */
class KubeSchedulerConfigurationTest {

  private static final String HEAD =
      """
      apiVersion: kubescheduler.config.k8s.io/v1
      kind: KubeSchedulerConfiguration
      """;

  private static KubeSchedulerConfiguration read(String fields) {
    return KubeSchedulerConfiguration.read("scheduler.yaml", HEAD + fields);
  }

  private static AbstractThrowableAssert<?, ?> refused(String fields) {
    return assertThatThrownBy(() -> read(fields)).isInstanceOf(ScenarioException.class);
  }

  private static DryRun scheduler(String fields) {
    Profile profile = read(fields).profiles().get(0);
    return new DryRun(DefaultPlugins.registry(), profile, Choices.first());
  }

  private static ImmutableList<String> names(DryRun scheduler, ExtensionPoint point) {
    return scheduler.framework().at(point).stream()
        .map(Plugin::name)
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void aFileThatSaysNothingIsTheDefault() {
    assertThat(read("")).isEqualTo(KubeSchedulerConfiguration.DEFAULT);
  }

  @Test
  void aProfileOfItsOwnPercentageOverridesThatOfAll() {
    KubeSchedulerConfiguration read =
        read(
            """
            percentageOfNodesToScore: 30
            profiles:
            - schedulerName: a
            - schedulerName: b
              percentageOfNodesToScore: 70
            """);
    assertThat(read.profiles())
        .extracting(Profile::schedulerName, Profile::percentageOfNodesToScore)
        .containsExactly(tuple("a", 30), tuple("b", 70));
  }

  @Test
  void theBackOffIsInSeconds() {
    assertThat(read("podInitialBackoffSeconds: 2\npodMaxBackoffSeconds: 60\n").backoff())
        .isEqualTo(new BackoffLimits(2_000_000_000L, 60_000_000_000L));
  }

  @Test
  void aPluginIsDisabledEverywhereByMultiPoint() {
    DryRun scheduler =
        scheduler(
            """
            profiles:
            - plugins: {multiPoint: {disabled: [{name: TaintToleration}]}}
            """);
    assertThat(scheduler.framework().find("TaintToleration")).isNull();
  }

  @Test
  void aPluginIsDisabledAtOnePoint() {
    DryRun scheduler =
        scheduler(
            """
            profiles:
            - plugins: {score: {disabled: [{name: ImageLocality}]}}
            """);
    assertThat(names(scheduler, ExtensionPoint.SCORE)).doesNotContain("ImageLocality");
  }

  @Test
  void allPluginsOfAPointAreReplaced() {
    DryRun scheduler =
        scheduler(
            """
            profiles:
            - plugins:
                score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit, weight: 5}]}
            """);
    assertThat(names(scheduler, ExtensionPoint.SCORE)).containsExactly("NodeResourcesFit");
    assertThat(scheduler.framework().weight("NodeResourcesFit")).isEqualTo(5);
  }

  @Test
  void aDefaultPluginThatIsNamedAgainKeepsItsPlace() {
    PluginSet set =
        read("profiles: [{plugins: {multiPoint: {enabled: [{name: NodeAffinity, weight: 9}]}}}]")
            .profiles()
            .get(0)
            .multiPoint();
    assertThat(set.enabled()).hasSameSizeAs(DefaultPlugins.multiPoint().enabled());
    assertThat(set.enabled().get(5)).isEqualTo(new PluginSet.Enabled("NodeAffinity", 9));
  }

  @Test
  void argumentsReachThePlugin() {
    Profile profile =
        read("""
                profiles:
                - pluginConfig:
                  - name: InterPodAffinity
                    args:
                      apiVersion: kubescheduler.config.k8s.io/v1
                      kind: InterPodAffinityArgs
                      hardPodAffinityWeight: 7
                """)
            .profiles()
            .get(0);
    assertThat(profile.pluginConfig().get("InterPodAffinity"))
        .isEqualTo(KubeMap.of("hardPodAffinityWeight", 7L));
  }

  @Test
  void anotherVersionIsNotRegistered() {
    assertThatThrownBy(
            () ->
                KubeSchedulerConfiguration.read(
                    "scheduler.yaml",
                    """
                    apiVersion: kubescheduler.config.k8s.io/v1beta3
                    kind: KubeSchedulerConfiguration
                    """))
        .hasMessage(
            "scheduler.yaml:1:13: apiVersion: no kind \"KubeSchedulerConfiguration\" is registered"
                + " for version \"kubescheduler.config.k8s.io/v1beta3\"");
  }

  @Test
  void anUnknownFieldIsRefusedWithItsPlace() {
    refused("profiles:\n- schedulerNam: x\n")
        .hasMessageStartingWith(
            "scheduler.yaml:4:3: unknown field \"schedulerNam\"; did you mean \"schedulerName\"?");
  }

  @Test
  void numbersOutOfRangeAreRefusedInUpstreamsWords() {
    refused(
            """
            parallelism: 0
            percentageOfNodesToScore: 101
            podInitialBackoffSeconds: 0
            podMaxBackoffSeconds: -1
            """)
        .hasMessageEndingWith(
            "[parallelism: Invalid value: 0: should be an integer value greater than zero,"
                + " percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100],"
                + " podInitialBackoffSeconds: Invalid value: 0: must be greater than 0,"
                + " podMaxBackoffSeconds: Invalid value: -1: must be greater than or equal to"
                + " PodInitialBackoffSeconds]");
  }

  @Test
  void profilesNeedNamesOfTheirOwn() {
    refused("profiles: [{schedulerName: a}, {schedulerName: a}, {}]")
        .hasMessageEndingWith(
            "[profiles[1].schedulerName: Duplicate value: {},"
                + " profiles[2].schedulerName: Required value]");
  }

  @Test
  void profilesSortTheirQueueAlike() {
    refused(
            """
            profiles:
            - schedulerName: a
            - schedulerName: b
              plugins: {queueSort: {enabled: [{name: PrioritySort}], disabled: [{name: '*'}]}}
            """)
        .hasMessageEndingWith(
            "profiles[1].plugins.queueSort: Invalid value:"
                + " {\"Enabled\":[{\"Name\":\"PrioritySort\",\"Weight\":0}],"
                + "\"Disabled\":[{\"Name\":\"*\",\"Weight\":0}]}:"
                + " must be the same for all profiles");
  }

  @Test
  void argumentsAreChecked() {
    refused(
            """
            profiles:
            - pluginConfig:
              - name: DefaultPreemption
                args: {minCandidateNodesPercentage: 101}
              - name: DefaultPreemption
            """)
        .hasMessageEndingWith(
            "[profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: Invalid value: 101:"
                + " not in valid range [0, 100],"
                + " profiles[0].pluginConfig[1]: Duplicate value: \"DefaultPreemption\"]");
  }

  @Test
  void aPluginOfAnOldVersionIsInvalid() {
    refused("profiles: [{plugins: {filter: {enabled: [{name: EBSLimits}]}}}]")
        .hasMessageEndingWith(
            "profiles[0].plugins.filter.enabled[0]: Invalid value: \"EBSLimits\": was invalid in"
                + " version \"kubescheduler.config.k8s.io/v1\" (KubeSchedulerConfiguration is"
                + " version \"kubescheduler.config.k8s.io/v1\")");
  }

  @Test
  void anUnknownPluginDoesNotExist() {
    assertThatThrownBy(
            () -> scheduler("profiles: [{plugins: {filter: {enabled: [{name: Nothing}]}}}]"))
        .hasMessage("FilterPlugin \"Nothing\" does not exist");
  }

  @Test
  void aPluginOnlyTakesPartWhereItCan() {
    assertThatThrownBy(
            () -> scheduler("profiles: [{plugins: {score: {enabled: [{name: NodeName}]}}}]"))
        .hasMessage("plugin \"NodeName\" does not extend ScorePlugin plugin");
  }

  @Test
  void extendersAreRefused() {
    refused("extenders: [{urlPrefix: http://x}]")
        .hasMessageContaining("extenders are not simulated");
  }
}
