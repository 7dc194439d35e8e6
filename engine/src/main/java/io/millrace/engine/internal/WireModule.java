package io.millrace.engine.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.Version;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.millrace.engine.model.Payload;
import java.io.IOException;

/** Teaches Jackson the one value that is not a record: a payload travels as plain bytes. */
public final class WireModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  /** Named in configuration. */
  public WireModule() {
    super("millrace-wire", Version.unknownVersion());
    addSerializer(
        new StdSerializer<>(Payload.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(Payload payload, JsonGenerator out, SerializerProvider context)
              throws IOException {
            out.writeBinary(payload.toByteArray());
          }
        });
    addDeserializer(
        Payload.class,
        new StdDeserializer<>(Payload.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public Payload deserialize(JsonParser in, DeserializationContext context)
              throws IOException {
            return Payload.wrap(in.getBinaryValue());
          }
        });
  }
}
