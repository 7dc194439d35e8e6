package io.millrace.channels.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTest {

  private static final ObjectFacts FACTS =
      new ObjectFacts(
          "orders", "id-7", Instant.parse("2026-03-09T04:05:06Z"), ".json.gz", "-000000000003-ab");

  private static String key(String template) {
    return KeyTemplate.parse(template).key(FACTS).value();
  }

  @Test
  void defaultIsThatOfTheService() {
    assertThat(key(KeyTemplate.DEFAULT))
        .isEqualTo(
            "kinesis-channel/orders/id-7/2026/03/09/04/"
                + "orders-id-7-2026-03-09-04-05-000000000003-ab.json.gz");
  }

  @Test
  void suffixComesBeforeTheExtensionOrLast() {
    assertThat(key("a/!{HH}!{extension}")).isEqualTo("a/04-000000000003-ab.json.gz");
    assertThat(key("a/!{extension}/!{mm}")).isEqualTo("a/.json.gz/05-000000000003-ab");
    assertThat(key("literal")).isEqualTo("literal-000000000003-ab");
  }

  @Test
  void takesLiteralsAsTheyAre() {
    assertThat(key("y=!{yyyy}/!(a)'b'*:!!{dd}")).isEqualTo("y=2026/!(a)'b'*:!09-000000000003-ab");
  }

  @Test
  void deadLettersFollowTheirPrefix() {
    assertThat(KeyTemplate.ofDeadLetters("errors/").key(FACTS).value())
        .isEqualTo("errors/2026/03/09/04/orders-2026-03-09-04-05-000000000003-ab.json.gz");
    assertThat(KeyTemplate.ofDeadLetters("bad-").key(FACTS).value()).startsWith("bad-2026/03/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"!{shard}", "!{}", "!{YYYY}", "a/!{channel-name", "a}b", "{a}", "!{!{mm}}"})
  void refusesWhatIsNoTemplate(String template) {
    assertThatThrownBy(() -> KeyTemplate.parse(template))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/a", "a/", "a//b", "../a", "a/../b", "a/..", "..", ".", "./a", "a/./b", "/"})
  void refusesWhatMakesNoKey(String template) {
    assertThatThrownBy(() -> key(template)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNamesThatLeadElsewhere() {
    ObjectFacts up = new ObjectFacts("..", "id", FACTS.oldest(), "", "-s");
    assertThatThrownBy(() -> KeyTemplate.parse("!{channel-name}/x").key(up))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a path through");
    assertThatThrownBy(() -> KeyTemplate.parse("!{channel-name}").key(up))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNamesThatNoFileHas() {
    assertThat(key("a".repeat(200))).hasSize(216);
    assertThatThrownBy(() -> key("a".repeat(240))).hasMessageContaining("255 bytes");
    assertThatThrownBy(() -> key("abcdefg/".repeat(127) + "!{mm}"))
        .hasMessageContaining("1024 bytes");
  }
}
