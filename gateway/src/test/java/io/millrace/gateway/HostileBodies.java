package io.millrace.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.model.Shape;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Random requests: most are nearly right and name what is there, some are anything, and of some the
 * bytes are changed, cut, or repeated.
 */
final class HostileBodies {

  private static final ServiceModel MODEL = ServiceModel.load();
  private static final List<String> OPERATIONS = MODEL.operations().stream().sorted().toList();

  private static final String STREAM_ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  private static final List<String> TEXTS =
      List.of(
          "orders",
          "orders",
          "other",
          "shardId-000000000000",
          "shardId-000000000001",
          STREAM_ARN,
          STREAM_ARN + "/consumer/reader:1",
          "reader",
          "0",
          "1",
          "170141183460469231731687303715884105728",
          "340282366920938463463374607431768211455",
          "340282366920938463463374607431768211456",
          "9".repeat(129),
          "",
          " ",
          "a".repeat(129),
          "b".repeat(3000),
          "\u0000",
          "\u00e4\u20ac\ud83c\udf3e",
          "\ud83c",
          "\u202e%s%n${a}'\"\\",
          "AAAA",
          "AAAAA");

  private static final List<Object> NUMBERS =
      List.of(
          0,
          1,
          2,
          -1,
          24,
          25,
          1024,
          10_000,
          10_001,
          Integer.MAX_VALUE,
          Integer.MIN_VALUE,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          0.5,
          -1e300,
          1e18,
          1.7e9,
          BigInteger.TWO.pow(200),
          new BigDecimal("1e-400"),
          new BigDecimal("1e400"));

  private final Random random;
  private final ObjectMapper mapper;

  HostileBodies(Random random, ObjectMapper mapper) {
    this.random = random;
    this.mapper = mapper;
  }

  String operation() {
    return any(OPERATIONS);
  }

  byte[] next(String operation) {
    try {
      Object tree =
          chance(10) ? anything(4) : value(MODEL.operation(operation).orElseThrow().input());
      byte[] bytes = mapper.writeValueAsBytes(tree);
      return chance(30) ? mutated(bytes) : bytes;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Object value(Shape shape) {
    if (chance(4)) {
      return anything(2);
    }
    return switch (shape.kind()) {
      case STRUCTURE -> structure(shape);
      case LIST -> {
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.add(value(shape.element()));
        }
        yield values;
      }
      case MAP -> {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.put(any(TEXTS), value(shape.element()));
        }
        yield values;
      }
      case TEXT -> text(shape.name());
      case ENUM -> chance(90) ? any(shape.allowed()) : any(TEXTS);
      case INTEGER, LONG -> chance(60) ? random.nextInt(4) : any(NUMBERS);
      case BOOLEAN -> random.nextBoolean();
      case TIMESTAMP -> any(NUMBERS);
      case BLOB -> bytes();
    };
  }

  private Map<String, Object> structure(Shape shape) {
    Map<String, Object> values = new LinkedHashMap<>();
    shape
        .members()
        .forEach(
            (name, member) -> {
              boolean isMeant =
                  name.equals("StreamName") || (name.equals("StreamARN") && chance(30));
              if (isMeant || chance(member.isRequired() ? 95 : 40)) {
                values.put(name, value(member.shape()));
              }
            });
    values.remove(chance(80) ? "StreamId" : "");
    values.remove(chance(80) ? "DryRun" : "");
    return values;
  }

  private String text(String type) {
    if (chance(25)) {
      return any(TEXTS);
    }
    return switch (type) {
      case "StreamName" -> "orders";
      case "StreamARN", "ResourceARN" -> STREAM_ARN;
      case "ShardId" -> "shardId-00000000000" + random.nextInt(3);
      case "ConsumerName" -> "reader";
      default -> any(TEXTS);
    };
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Object anything(int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> any(TEXTS);
      case 1 -> any(NUMBERS);
      case 2 -> random.nextBoolean();
      case 3 -> null;
      case 4 -> bytes();
      case 5 -> Arrays.asList(anything(depth - 1), anything(depth - 1));
      default -> {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(any(TEXTS), anything(depth - 1));
        members.put("StreamName", anything(depth - 1));
        yield members;
      }
    };
  }

  private byte[] mutated(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(4)) {
        case 0 -> changed[at] = (byte) random.nextInt(256);
        case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> changed = Arrays.copyOf(changed, at);
        default -> {
          byte[] longer = Arrays.copyOf(changed, changed.length + at);
          System.arraycopy(changed, 0, longer, changed.length, at);
          changed = longer;
        }
      }
    }
    return changed;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
