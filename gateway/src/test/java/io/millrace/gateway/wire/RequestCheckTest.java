package io.millrace.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.engine.api.ValidationException;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.model.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every constraint of every member of every request, each broken alone: the member is named with
 * the constraint, in both encodings.
 */
class RequestCheckTest {

  private static final ServiceModel MODEL = ServiceModel.load();
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern PATH = Pattern.compile(" at '([^']*)' failed");

  static Stream<Arguments> requests() {
    return MODEL.operations().stream()
        .sorted()
        .filter(operation -> Sample.operations().get(operation).has("input"))
        .flatMap(
            operation ->
                Stream.of(Encoding.values()).map(encoding -> Arguments.of(operation, encoding)));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void takesWhatKeepsEveryConstraint(String operation, Encoding encoding) {
    Map<String, Object> members = read(encoding, operation, Sample.of(operation)).typed();
    assertThat(members.keySet()).isEqualTo(Sample.of(operation).keySet());
    RequestCheck.check(input(operation), members);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void namesTheMemberAndTheConstraint(String operation, Encoding encoding) {
    List<Sample.Broken> violations = Sample.violations(operation);
    assertThat(violations.isEmpty()).isEqualTo(isUnconstrained(operation));
    for (Sample.Broken broken : violations) {
      Map<String, Object> members = read(encoding, operation, broken.members()).typed();
      assertThatThrownBy(() -> RequestCheck.check(input(operation), members))
          .as("%s at %s", broken.rule(), broken.path())
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining(
              " at '%s' failed to satisfy constraint: %s", broken.path(), broken.rule())
          .satisfies(
              failure ->
                  assertThat(PATH.matcher(failure.getMessage()).results())
                      .extracting(found -> found.group(1))
                      .containsOnly(broken.path()));
    }
  }

  @ParameterizedTest
  @MethodSource("requests")
  void namesTheMemberOfAnotherType(String operation, Encoding encoding) {
    for (Sample.Broken broken : Sample.wrongTypes(operation)) {
      assertThatThrownBy(() -> read(encoding, operation, broken.members()).typed())
          .as(broken.path())
          .isInstanceOf(MalformedBodyException.class)
          .hasMessageContaining("'" + broken.path() + "'");
    }
  }

  /** Whether its members have nothing but types. */
  private static boolean isUnconstrained(String operation) {
    return List.of("DescribeLimits", "DescribeAccountSettings").contains(operation);
  }

  private static Shape input(String operation) {
    return MODEL.operation(operation).orElseThrow().input();
  }

  private static RequestBody read(
      Encoding encoding, String operation, Map<String, Object> members) {
    try {
      byte[] body = (encoding == Encoding.CBOR ? CBOR : JSON).writeValueAsBytes(members);
      return BodyReader.read(encoding, ByteBuffer.wrap(body), input(operation));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
