package io.millrace.gateway.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.access.RequestedResource;
import io.millrace.engine.model.Account;
import io.millrace.gateway.call.CallReport;
import io.millrace.gateway.call.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A call as a line of JSON. */
final class AuditLine {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern READ = Pattern.compile("(Describe|Get|List|Subscribe).*");

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

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

  /** The line of a call. Whoever is not known to be who he says has no parameters in it. */
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
    line.put("userAgent", Excerpt.cut(report.call().headers().first("User-Agent")));
    Map<String, Object> members = report.caller().isPresent() ? report.members() : Map.of();
    line.set("requestParameters", members.isEmpty() ? null : Excerpt.of(members));
    line.set(
        "responseElements",
        isRead ? null : report.response().map(json -> response(json.get())).orElse(null));
    report
        .error()
        .ifPresent(
            error -> {
              line.put("errorCode", error.code());
              line.put("errorMessage", Excerpt.cut(error.message()));
            });
    line.put("requestID", report.requestId());
    line.put("eventID", UUID.randomUUID().toString());
    line.put("readOnly", isRead);
    line.put("eventType", "AwsApiCall");
    line.put("managementEvent", !isData);
    line.put("eventCategory", isData ? "Data" : "Management");
    if (isData) {
      resource(members).ifPresent(line.putArray("resources")::add);
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
    known.accessKeyId().ifPresent(key -> identity.put("accessKeyId", Excerpt.cut(key)));
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
    if (consumer instanceof String arn) {
      return Optional.of(resource("AWS::Kinesis::StreamConsumer", arn));
    }
    if (stream instanceof String arn) {
      return Optional.of(resource("AWS::Kinesis::Stream", arn));
    }
    return name instanceof String
        ? Optional.of(
            resource(
                "AWS::Kinesis::Stream",
                "arn:%s:kinesis:%s:%s:stream/%s"
                    .formatted(home.partition(), home.region(), home.id(), name)))
        : Optional.empty();
  }

  private ObjectNode resource(String type, String arn) {
    String owner = RequestedResource.missing(arn).accountId();
    return NODES
        .objectNode()
        .put("accountId", ACCOUNT.matcher(owner).matches() ? owner : home.id())
        .put("type", type)
        .put("ARN", Excerpt.cut(arn));
  }

  private static ObjectNode response(byte[] json) {
    try {
      return Excerpt.of(JSON.convertValue(JSON.readTree(json), Map.class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
