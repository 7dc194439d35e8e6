package io.millrace.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Account;
import io.millrace.engine.model.Payload;
import io.millrace.gateway.call.CallReport;
import io.millrace.gateway.call.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A call as a line of JSON. */
final class AuditLine {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern READ = Pattern.compile("(Describe|Get|List|Subscribe).*");

  /** The members whose keys are the caller's own. */
  private static final String TAGS = "Tags";

  /** The members that are only counted. */
  private static final String RECORDS = "Records";

  private final Account home;

  AuditLine(Account home) {
    this.home = home;
  }

  /** The line that stands for lines that are not there. */
  static String ofLost(long lost) {
    ObjectNode line = NODES.objectNode();
    line.put("eventType", "AuditLinesLost");
    line.put("lost", lost);
    return line.toString();
  }

  String of(CallReport report, boolean isData) {
    boolean isRead = READ.matcher(report.operation()).matches();
    ObjectNode line = NODES.objectNode();
    line.put("eventVersion", "1.11");
    line.set("userIdentity", identity(report.caller()));
    line.put("eventTime", report.time().toString());
    line.put("eventSource", "kinesis.amazonaws.com");
    line.put("eventName", report.operation());
    line.put("awsRegion", home.region());
    line.put("sourceIPAddress", report.call().origin().address());
    line.put("userAgent", report.call().headers().first("User-Agent"));
    line.set("requestParameters", report.members().isEmpty() ? null : object(report.members()));
    line.set(
        "responseElements",
        isRead ? null : report.response().map(json -> response(json.get())).orElse(null));
    report
        .error()
        .ifPresent(
            error -> {
              line.put("errorCode", error.code());
              line.put("errorMessage", error.message());
            });
    line.put("requestID", report.requestId());
    line.put("eventID", UUID.randomUUID().toString());
    line.put("readOnly", isRead);
    line.put("eventType", "AwsApiCall");
    line.put("managementEvent", !isData);
    line.put("eventCategory", isData ? "Data" : "Management");
    if (isData) {
      resource(report.members()).ifPresent(line.putArray("resources")::add);
    }
    line.put("recipientAccountId", home.id());
    return line.toString();
  }

  private static ObjectNode identity(Optional<Caller> caller) {
    ObjectNode identity = NODES.objectNode();
    if (caller.isEmpty()) {
      return identity.put("type", "Unknown");
    }
    Caller known = caller.get();
    boolean isRoot = known.principal().arn().endsWith(":root");
    identity.put("type", isRoot ? "Root" : "IAMUser");
    identity.put("principalId", known.principal().name());
    identity.put("arn", known.principal().arn());
    identity.put("accountId", known.principal().accountId());
    known.accessKeyId().ifPresent(key -> identity.put("accessKeyId", key));
    if (!isRoot) {
      identity.put("userName", known.principal().name());
    }
    return identity;
  }

  /** What a call of the data plane is about, as far as its members tell. */
  private Optional<ObjectNode> resource(Map<String, Object> members) {
    Object consumer = members.get("ConsumerARN");
    Object stream = members.get("StreamARN");
    Object name = members.get("StreamName");
    if (consumer != null) {
      return Optional.of(resource("AWS::Kinesis::StreamConsumer", consumer.toString()));
    }
    if (stream != null) {
      return Optional.of(resource("AWS::Kinesis::Stream", stream.toString()));
    }
    return name == null
        ? Optional.empty()
        : Optional.of(
            resource(
                "AWS::Kinesis::Stream",
                "arn:%s:kinesis:%s:%s:stream/%s"
                    .formatted(home.partition(), home.region(), home.id(), name)));
  }

  private ObjectNode resource(String type, String arn) {
    return NODES.objectNode().put("accountId", home.id()).put("type", type).put("ARN", arn);
  }

  /** Members in camel case, without the bytes of records. */
  private static ObjectNode object(Map<?, ?> members) {
    ObjectNode node = NODES.objectNode();
    members.forEach(
        (key, value) -> {
          String name = key.toString();
          if (name.equals(RECORDS) && value instanceof Collection<?> records) {
            node.put("recordCount", records.size());
          } else if (name.equals(TAGS) && value instanceof Map<?, ?> tags) {
            ObjectNode given = node.putObject(camelCase(name));
            tags.forEach((tag, text) -> given.put(tag.toString(), text.toString()));
          } else if (!(value instanceof Payload)) {
            node.set(camelCase(name), value(value));
          }
        });
    return node;
  }

  private static JsonNode value(Object value) {
    if (value instanceof Map<?, ?> members) {
      return object(members);
    }
    if (value instanceof Collection<?> values) {
      ArrayNode list = NODES.arrayNode();
      values.forEach(each -> list.add(value(each)));
      return list;
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number);
    }
    return value instanceof Boolean truth
        ? NODES.booleanNode(truth)
        : NODES.textNode(value.toString());
  }

  private static ObjectNode response(byte[] json) {
    try {
      return object(JSON.convertValue(JSON.readTree(json), Map.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String camelCase(String name) {
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
