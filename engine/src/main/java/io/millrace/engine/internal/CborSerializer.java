package io.millrace.engine.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * A serializer whose stored form is a CBOR map with named fields. Class names are never stored; a
 * field that a reader does not know is passed over.
 */
public abstract class CborSerializer extends SerializerWithStringManifest {

  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  private final int identifier;

  protected CborSerializer(int identifier) {
    this.identifier = identifier;
  }

  @Override
  public final int identifier() {
    return identifier;
  }

  @Override
  public final byte[] toBinary(Object value) {
    ObjectNode fields = CBOR.createObjectNode();
    write(value, fields);
    try {
      return CBOR.writeValueAsBytes(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      return read(manifest, new Fields(manifest, CBOR.readTree(bytes)));
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      NotSerializableException unreadable =
          new NotSerializableException("cannot read '" + manifest + "': " + e.getMessage());
      unreadable.initCause(e);
      throw unreadable;
    }
  }

  /** Writes the fields of a value, in a fixed order. */
  protected abstract void write(Object value, ObjectNode fields);

  /** Reads a value back. */
  protected abstract Object read(String manifest, Fields fields) throws IOException;

  protected final NotSerializableException unknownManifest(String manifest) {
    return new NotSerializableException(
        "%s does not know the manifest '%s'; it may have been written by a newer release"
            .formatted(getClass().getSimpleName(), manifest));
  }

  protected final IllegalArgumentException unknownType(Object value) {
    return new IllegalArgumentException(
        "%s cannot write a %s".formatted(getClass().getSimpleName(), value.getClass().getName()));
  }

  /** The fields of a stored value; each is required and of its type. */
  public record Fields(String manifest, JsonNode node) {

    public String text(String name) throws IOException {
      return required(name, required(name).isTextual()).textValue();
    }

    public int integer(String name) throws IOException {
      return required(name, required(name).canConvertToInt()).intValue();
    }

    public long number(String name) throws IOException {
      return required(name, required(name).canConvertToLong()).longValue();
    }

    public byte[] bytes(String name) throws IOException {
      return required(name, required(name).isBinary()).binaryValue();
    }

    public JsonNode list(String name) throws IOException {
      return required(name, required(name).isArray());
    }

    public Fields at(JsonNode child) {
      return new Fields(manifest, child);
    }

    public boolean has(String name) {
      return node.hasNonNull(name);
    }

    private JsonNode required(String name) {
      return node.path(name);
    }

    private JsonNode required(String name, boolean fits) throws NotSerializableException {
      if (!fits) {
        throw new NotSerializableException(
            "'%s' lacks a readable field '%s'".formatted(manifest, name));
      }
      return node.path(name);
    }
  }
}
