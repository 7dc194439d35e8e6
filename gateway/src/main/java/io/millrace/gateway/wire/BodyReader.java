package io.millrace.gateway.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import io.millrace.gateway.model.Shape;
import io.millrace.gateway.model.Shape.Member;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one body. The whole of it is read for its syntax, also behind a member of the wrong type.
 * What is kept is bounded by the description: of a list or a map with too many entries one more
 * than it may have.
 */
public final class BodyReader {

  private static final int DIGITS_OF_A_LONG = 19;

  private final Encoding encoding;
  private final JsonParser parser;
  private String wrongType;

  private BodyReader(Encoding encoding, JsonParser parser) {
    this.encoding = encoding;
    this.parser = parser;
  }

  /**
   * Reads the members of a request.
   *
   * @param body with an array; nothing that is returned refers to it
   * @param input the type of the request
   * @throws MalformedBodyException when the body is not of its encoding
   */
  public static RequestBody read(Encoding encoding, ByteBuffer body, Shape input) {
    if (!body.hasRemaining()) {
      return new RequestBody(Map.of(), Optional.empty());
    }
    try (JsonParser parser = parser(encoding.factory(), body)) {
      return new BodyReader(encoding, parser).request(input);
    } catch (IOException e) {
      throw new MalformedBodyException("The body is not valid " + encoding + ".");
    }
  }

  private static JsonParser parser(JsonFactory factory, ByteBuffer body) throws IOException {
    return factory.createParser(
        body.array(), body.arrayOffset() + body.position(), body.remaining());
  }

  private RequestBody request(Shape input) throws IOException {
    if (next() != JsonToken.START_OBJECT) {
      throw new MalformedBodyException("The body is not a map of members.");
    }
    Map<String, Object> members = structure(input.members(), Path.ROOT);
    if (parser.nextToken() != null) {
      throw new MalformedBodyException("Something follows after the map of members.");
    }
    return new RequestBody(members, Optional.ofNullable(wrongType));
  }

  private Members structure(Map<String, Member> known, Path path) throws IOException {
    Members values = new Members();
    while (next() != JsonToken.END_OBJECT) {
      Member member = known.get(parser.currentName());
      next();
      if (member == null) {
        parser.skipChildren();
      } else {
        Object value = value(member.shape(), path.member(member));
        if (value == null) {
          values.remove(member.name());
        } else {
          values.put(member.name(), value);
        }
      }
    }
    return values;
  }

  private List<Object> list(Shape shape, Path path) throws IOException {
    List<Object> values = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      if (values.size() > shape.range().max()) {
        parser.skipChildren();
      } else {
        values.add(value(shape.element(), path.element(values.size())));
      }
    }
    return values;
  }

  private Map<String, Object> map(Shape shape, Path path) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    while (next() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      next();
      if (values.size() > shape.range().max()) {
        parser.skipChildren();
      } else {
        values.put(key, value(shape.element(), path.part(key)));
      }
    }
    return values;
  }

  private JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new MalformedBodyException("The body ends too early.");
    }
    return token;
  }

  private Object value(Shape shape, Path path) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    try {
      return typed(shape, path, token);
    } catch (WrongTypeException
        | InputCoercionException
        | ArithmeticException
        | NumberFormatException e) {
      parser.skipChildren();
      if (wrongType == null) {
        wrongType =
            "The value at '%s' is not a %s."
                .formatted(path, shape.kind().name().toLowerCase(Locale.ROOT));
      }
      return null;
    }
  }

  private Object typed(Shape shape, Path path, JsonToken token)
      throws IOException, WrongTypeException {
    return switch (shape.kind()) {
      case STRUCTURE -> {
        require(token == JsonToken.START_OBJECT);
        yield structure(shape.members(), path);
      }
      case LIST -> {
        require(token == JsonToken.START_ARRAY);
        yield list(shape, path);
      }
      case MAP -> {
        require(token == JsonToken.START_OBJECT);
        yield map(shape, path);
      }
      case TEXT, ENUM -> {
        require(token == JsonToken.VALUE_STRING);
        yield parser.getText();
      }
      case INTEGER -> Math.toIntExact(whole(token));
      case LONG -> whole(token);
      case BOOLEAN -> {
        require(token.isBoolean());
        yield parser.getBooleanValue();
      }
      case TIMESTAMP -> {
        require(token.isNumeric());
        yield encoding.readTimestamp(parser);
      }
      case BLOB -> encoding.readBlob(parser);
    };
  }

  /** Fractions are cut off. */
  private long whole(JsonToken token) throws IOException, WrongTypeException {
    require(token.isNumeric());
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getLongValue();
    }
    BigDecimal value = parser.getDecimalValue();
    long digits = (long) value.precision() - value.scale();
    require(digits <= DIGITS_OF_A_LONG);
    return digits <= 0 ? 0 : value.toBigInteger().longValueExact();
  }

  private static void require(boolean isOfItsType) throws WrongTypeException {
    if (!isOfItsType) {
      throw new WrongTypeException();
    }
  }
}
