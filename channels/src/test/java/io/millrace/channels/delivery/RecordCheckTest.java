package io.millrace.channels.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordFormatType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordCheckTest {

  private static final Payload NO_TEXT = Payload.wrap(new byte[] {(byte) 0xC3, 0x28});

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[1,2]",
        " {\"a\": {\"b\": [null, true, 1.5e3]}} \n",
        "1",
        "\"text\"",
        "null",
        "\"\\u00e4\""
      })
  void takesEveryValueOfJson(String json) {
    assertThat(RecordCheck.fault(RecordFormatType.JSON, Payload.utf8(json))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\"}",
        "{a:1}",
        "[1,]",
        "1 2",
        "{}{}",
        "{} x",
        "tru",
        "\"open",
        "'a'",
        "01",
        "NaN",
        "\"\n\"",
        "\"\\x\"",
        "\ufeff{}"
      })
  void refusesWhatIsNoJson(String text) {
    assertThat(RecordCheck.fault(RecordFormatType.JSON, Payload.utf8(text)))
        .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("InvalidJson"));
  }

  @Test
  void refusesJsonInAnotherEncoding() {
    Payload utf16 = Payload.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE));
    assertThat(RecordCheck.fault(RecordFormatType.JSON, utf16)).isPresent();
    assertThat(RecordCheck.fault(RecordFormatType.JSON, NO_TEXT))
        .hasValueSatisfying(fault -> assertThat(fault.code()).isEqualTo("InvalidUtf8"));
  }

  @Test
  void takesLargeValues() {
    Payload large = Payload.utf8("[\"" + "a".repeat(25_000_000) + "\"," + "9".repeat(5000) + "]");
    assertThat(RecordCheck.fault(RecordFormatType.JSON, large)).isEmpty();
  }

  @Test
  void textIsUtf8AndBytesAreAnything() {
    assertThat(RecordCheck.fault(RecordFormatType.STRING, Payload.utf8("{ä"))).isEmpty();
    assertThat(RecordCheck.fault(RecordFormatType.STRING, NO_TEXT)).isPresent();
    assertThat(RecordCheck.fault(RecordFormatType.BYTE_ARRAY, NO_TEXT)).isEmpty();
    assertThat(RecordCheck.fault(RecordFormatType.BYTE_ARRAY, Payload.EMPTY)).isEmpty();
  }
}
