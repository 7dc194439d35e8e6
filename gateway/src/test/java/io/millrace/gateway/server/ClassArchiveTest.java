package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassArchiveTest {

  private static List<String> java(String option) {
    return List.of("java", option, "-jar", "millrace.jar", "server");
  }

  @Test
  void liesBesideTheJarUnderTheVersionOfTheJvm() {
    assertThat(ClassArchive.beside(Path.of("somewhere/millrace.jar")))
        .isEqualTo(Path.of("somewhere", "millrace-" + Runtime.version() + ".jsa"));
    assertThat(ClassArchive.beside(Path.of("classes")))
        .isEqualTo(Path.of("classes-" + Runtime.version() + ".jsa"));
  }

  @Test
  void theProcessIsReplacedWhateverItsOtherOptions() {
    assertThat(ClassArchive.allows(java("-Xmx256m"), Map.of("JAVA_TOOL_OPTIONS", "-Xss1m")))
        .isTrue();
  }

  @Test
  void whatOnlyLooksLikeAnOptionOfTheJvmForbidsNothing() {
    assertThat(
            ClassArchive.allows(
                List.of("java", "-jar", "millrace.jar", "server", "--data", "my-agent/-Xshare"),
                Map.of("JAVA_TOOL_OPTIONS", "-Dname=user@-agent")))
        .isTrue();
  }

  @Test
  void optionIsFoundAmongOthersAndInQuotes() {
    assertThat(
            ClassArchive.allows(
                java("-Xmx1g"), Map.of("JAVA_TOOL_OPTIONS", "-Xss1m '-javaagent:my agent.jar'")))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-XX:SharedArchiveFile=mine.jsa",
        "-XX:ArchiveClassesAtExit=mine.jsa",
        "-Xshare:off",
        "-agentlib:jdwp=transport=dt_socket,server=y",
        "-agentpath:/lib/agent.so",
        "-javaagent:agent.jar",
        "@options"
      })
  void aJvmWithAnArchiveOfItsOwnOrAnAgentIsLeftAlone(String option) {
    assertThat(ClassArchive.allows(java(option), Map.of())).isFalse();
    assertThat(ClassArchive.allows(java("-Xmx1g"), Map.of("JAVA_TOOL_OPTIONS", option))).isFalse();
    assertThat(ClassArchive.allows(java("-Xmx1g"), Map.of("JDK_JAVA_OPTIONS", option))).isFalse();
  }
}
