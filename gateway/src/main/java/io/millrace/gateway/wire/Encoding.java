package io.millrace.gateway.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.millrace.engine.model.Payload;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** How a body is written. The two differ in their blobs and timestamps only. */
public enum Encoding {
  /** AWS JSON 1.1: blobs in base64, timestamps in seconds with a fraction. */
  JSON("application/x-amz-json-1.1", new JsonFactory()) {

    @Override
    Payload readBlob(JsonParser parser) throws IOException, WrongTypeException {
      String text = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : "?";
      if (text.length() % 4 != 0) {
        throw new WrongTypeException();
      }
      try {
        return Payload.wrap(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException notBase64) {
        throw new WrongTypeException();
      }
    }

    @Override
    Instant readTimestamp(JsonParser parser) throws IOException, WrongTypeException {
      return Instant.ofEpochMilli(millis(parser.getDecimalValue()));
    }

    @Override
    void writeTimestamp(JsonGenerator generator, Instant timestamp) throws IOException {
      generator.writeNumber(BigDecimal.valueOf(timestamp.toEpochMilli(), 3));
    }
  },
  /**
   * AWS CBOR 1.1: byte strings, and timestamps of tag 1 in milliseconds. A text that a request had
   * and UTF-8 cannot have is said again with a replacement, not refused when the reply is written.
   */
  CBOR(
      "application/x-amz-cbor-1.1",
      CBORFactory.builder().enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING).build()) {

    @Override
    Payload readBlob(JsonParser parser) throws IOException, WrongTypeException {
      if (!(parser.getEmbeddedObject() instanceof byte[] bytes)) {
        throw new WrongTypeException();
      }
      return Payload.wrap(bytes);
    }

    @Override
    Instant readTimestamp(JsonParser parser) throws IOException, WrongTypeException {
      return Instant.ofEpochMilli(
          parser.hasToken(JsonToken.VALUE_NUMBER_INT)
              ? parser.getLongValue()
              : millis(parser.getDecimalValue()));
    }

    @Override
    void writeTimestamp(JsonGenerator generator, Instant timestamp) throws IOException {
      ((CBORGenerator) generator).writeTag(EPOCH_TIME);
      generator.writeNumber(timestamp.toEpochMilli());
    }
  };

  private static final int EPOCH_TIME = 1;

  /** As many digits before the point as a time in seconds may have, or zeros behind it. */
  private static final int MAX_DIGITS = 15;

  private final String contentType;

  @SuppressWarnings("ImmutableEnumChecker") // configured once, then only asked for parsers
  private final JsonFactory factory;

  Encoding(String contentType, JsonFactory factory) {
    this.contentType = contentType;
    this.factory = factory;
  }

  /** The encoding that a Content-Type names, whatever its parameters. */
  public static Optional<Encoding> of(String contentType) {
    int end = contentType.indexOf(';');
    String type =
        (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    for (Encoding encoding : values()) {
      if (encoding.contentType.equals(type)) {
        return Optional.of(encoding);
      }
    }
    return Optional.empty();
  }

  /** Its Content-Type. */
  public String contentType() {
    return contentType;
  }

  JsonFactory factory() {
    return factory;
  }

  abstract Payload readBlob(JsonParser parser) throws IOException, WrongTypeException;

  abstract Instant readTimestamp(JsonParser parser) throws IOException, WrongTypeException;

  abstract void writeTimestamp(JsonGenerator generator, Instant timestamp) throws IOException;

  /** Milliseconds of a time in seconds; what lies between two of them counts as the earlier. */
  private static long millis(BigDecimal seconds) throws WrongTypeException {
    long digits = (long) seconds.precision() - seconds.scale();
    if (digits > MAX_DIGITS) {
      throw new WrongTypeException();
    }
    return digits < -MAX_DIGITS
        ? 0
        : seconds.movePointRight(3).setScale(0, RoundingMode.FLOOR).longValueExact();
  }
}
