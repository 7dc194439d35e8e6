package io.millrace.channels.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Whatever the template and the names: a key lies in its bucket, and is no other object's. */
class KeyTemplateProperties {

  private static final Path ROOT = Path.of("/buckets");
  private static final Path BUCKET = ROOT.resolve("flour");

  @Provide
  Arbitrary<String> templates() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "!{channel-name}",
            "!{channel-id}",
            "!{yyyy}",
            "!{MM}",
            "!{dd}",
            "!{HH}",
            "!{mm}",
            "!{extension}",
            "/",
            "..",
            ".",
            "a",
            "!",
            "=",
            ":",
            "'*()");
    return pieces.list().ofMinSize(1).ofMaxSize(12).map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars("aZ9_.-").ofMinLength(1).ofMaxLength(5);
  }

  private static ObjectFacts facts(String name, long seconds, String suffix) {
    return new ObjectFacts(name, "id", Instant.ofEpochSecond(seconds), ".txt", suffix);
  }

  @Property
  void keysAreRefusedOrLieInTheirBucket(
      @ForAll("templates") String template,
      @ForAll("names") String name,
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long seconds) {
    ObjectKey key;
    try {
      key = KeyTemplate.parse(template).key(facts(name, seconds, "-1"));
    } catch (IllegalArgumentException refused) {
      return;
    }
    Path file = new Buckets(ROOT).file("flour", key);
    assertThat(file.startsWith(BUCKET)).isTrue();
    assertThat(BUCKET.relativize(file)).hasToString(key.value());
    assertThat(file).isNotEqualTo(BUCKET);
  }

  @Property
  void suffixesTellKeysApart(@ForAll("templates") String template, @ForAll("names") String name) {
    List<String> keys;
    try {
      KeyTemplate parsed = KeyTemplate.parse(template);
      keys =
          List.of(
              parsed.key(facts(name, 0, "-1")).value(), parsed.key(facts(name, 0, "-2")).value());
    } catch (IllegalArgumentException refused) {
      Assume.that(false);
      return;
    }
    assertThat(keys).doesNotHaveDuplicates();
  }
}
