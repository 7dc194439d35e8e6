package io.millrace.gateway.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.millrace.engine.model.Payload;
import io.millrace.gateway.model.Shape;
import io.millrace.gateway.model.Shape.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Writes response records, and errors, as their type in the description has them. */
public final class BodyWriter {

  private final Encoding encoding;
  private final JsonGenerator generator;

  private BodyWriter(Encoding encoding, JsonGenerator generator) {
    this.encoding = encoding;
    this.generator = generator;
  }

  private interface Content {
    void writeTo(BodyWriter writer) throws IOException;
  }

  /** A response. */
  public static byte[] response(Encoding encoding, Shape output, Object response) {
    return body(encoding, writer -> writer.structure(output, response));
  }

  /** An error: its {@code __type} and its message. */
  public static byte[] error(Encoding encoding, String type, String message) {
    return body(
        encoding,
        writer -> {
          writer.generator.writeStartObject();
          writer.generator.writeStringField("__type", type);
          writer.generator.writeStringField("message", message);
          writer.generator.writeEndObject();
        });
  }

  /** A map of nothing but a message. */
  public static byte[] message(Encoding encoding, String message) {
    return body(
        encoding,
        writer -> {
          writer.generator.writeStartObject();
          writer.generator.writeStringField("message", message);
          writer.generator.writeEndObject();
        });
  }

  private static byte[] body(Encoding encoding, Content content) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder()) {
      try (JsonGenerator generator = encoding.factory().createGenerator(bytes)) {
        content.writeTo(new BodyWriter(encoding, generator));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void structure(Shape shape, Object owner) throws IOException {
    generator.writeStartObject();
    for (Member member : shape.members().values()) {
      Object value = MemberValues.of(owner, member);
      if (value != null) {
        generator.writeFieldName(member.name());
        value(member.shape(), value);
      }
    }
    generator.writeEndObject();
  }

  private void value(Shape shape, Object value) throws IOException {
    switch (shape.kind()) {
      case STRUCTURE -> structure(shape, value);
      case LIST -> list(shape, (Collection<?>) value);
      case MAP -> map(shape, (Map<?, ?>) value);
      case TEXT, ENUM -> generator.writeString(value.toString());
      case INTEGER, LONG -> generator.writeNumber(((Number) value).longValue());
      case BOOLEAN -> generator.writeBoolean((Boolean) value);
      case TIMESTAMP -> encoding.writeTimestamp(generator, (Instant) value);
      case BLOB -> generator.writeBinary(((Payload) value).toByteArray());
    }
  }

  private void list(Shape shape, Collection<?> values) throws IOException {
    generator.writeStartArray();
    for (Object each : values) {
      value(shape.element(), each);
    }
    generator.writeEndArray();
  }

  private void map(Shape shape, Map<?, ?> values) throws IOException {
    generator.writeStartObject();
    for (Map.Entry<?, ?> entry : values.entrySet()) {
      generator.writeFieldName(entry.getKey().toString());
      value(shape.element(), entry.getValue());
    }
    generator.writeEndObject();
  }
}
