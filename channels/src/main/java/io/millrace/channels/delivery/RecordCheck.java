package io.millrace.channels.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.RecordFormatType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Tells whether data is what the channel takes it for. Text is UTF-8. JSON is one value of RFC 8259
 * in UTF-8, with white space around it if need be, nested no deeper than 1000.
 */
final class RecordCheck {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private RecordCheck() {}

  /** What is wrong with data; empty when nothing is. */
  static Optional<Fault> fault(RecordFormatType format, Payload data) {
    if (format == RecordFormatType.BYTE_ARRAY) {
      return Optional.empty();
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(data.asByteBuffer()).toString();
    } catch (CharacterCodingException malformed) {
      return Optional.of(new Fault("InvalidUtf8", "The data is not valid UTF-8."));
    }
    return format == RecordFormatType.STRING ? Optional.empty() : jsonFault(text);
  }

  private static Optional<Fault> jsonFault(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return invalidJson("There is no value.");
      }
      parser.skipChildren();
      return parser.nextToken() == null
          ? Optional.empty()
          : invalidJson("Something follows after the value.");
    } catch (JsonProcessingException invalid) {
      return invalidJson("The data is not valid JSON: " + invalid.getOriginalMessage());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static Optional<Fault> invalidJson(String message) {
    return Optional.of(new Fault("InvalidJson", message));
  }
}
