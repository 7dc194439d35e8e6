package io.millrace.engine.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Utf8Properties {

  @Property
  void lengthIsThatOfTheEncodedBytes(@ForAll("texts") String text) {
    assertThat(Utf8.length(text)).isEqualTo(text.getBytes(UTF_8).length);
  }

  /** Units of UTF-16 in any order, so with halves of pairs, and whole characters. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> units =
        Arbitraries.oneOf(
                Arbitraries.chars().ascii(),
                Arbitraries.chars().range('\u0080', '\u07ff'),
                Arbitraries.chars().range('\u0800', '\uffff'),
                Arbitraries.chars().range('\ud800', '\udfff'))
            .map(String::valueOf);
    Arbitrary<String> characters =
        Arbitraries.integers().between(0x10000, 0x10ffff).map(Character::toString);
    return Arbitraries.oneOf(units, characters)
        .list()
        .ofMaxSize(20)
        .map(all -> String.join("", all));
  }
}
