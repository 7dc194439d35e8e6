package io.millrace.processors.function;

import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.TimeWindowEventResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.Payload;
import io.millrace.processors.event.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what handlers of AWS Lambda return. */
final class LambdaResponses {

  private LambdaResponses() {}

  static ProcessorResponse of(Object returned) throws InvalidResponseException {
    if (returned == null) {
      return ProcessorResponse.success();
    }
    if (returned instanceof StreamsEventResponse response) {
      List<String> failures = new ArrayList<>();
      if (response.getBatchItemFailures() != null) {
        response
            .getBatchItemFailures()
            .forEach(item -> failures.add(item == null ? null : item.getItemIdentifier()));
      }
      return new ProcessorResponse(failures, Optional.empty());
    }
    if (returned instanceof TimeWindowEventResponse response) {
      List<String> failures = new ArrayList<>();
      if (response.getBatchItemFailures() != null) {
        response
            .getBatchItemFailures()
            .forEach(item -> failures.add(item == null ? null : item.getItemIdentifier()));
      }
      return new ProcessorResponse(
          failures, Optional.ofNullable(response.getState()).map(Json::tree).map(Json::bytes));
    }
    try {
      return ofJson(Json.tree(returned));
    } catch (IllegalArgumentException noJson) {
      throw new InvalidResponseException("The response is no JSON: " + noJson.getMessage());
    }
  }

  /** Reads the bytes that a handler of streams wrote; none at all means success. */
  static ProcessorResponse ofBytes(Payload written) throws InvalidResponseException {
    if (written.size() == 0) {
      return ProcessorResponse.success();
    }
    return ofJson(
        Json.parse(written)
            .orElseThrow(() -> new InvalidResponseException("The response is no JSON.")));
  }

  private static ProcessorResponse ofJson(JsonNode response) throws InvalidResponseException {
    if (response.isNull()) {
      return ProcessorResponse.success();
    }
    JsonNode items = response.path("batchItemFailures");
    JsonNode state = response.path("state");
    if (!response.isObject()
        || !(items.isMissingNode() || items.isNull() || items.isArray())
        || !(state.isMissingNode() || state.isNull() || state.isObject())) {
      throw new InvalidResponseException("The response is not of the form that a batch expects.");
    }
    List<String> failures = new ArrayList<>();
    items.forEach(item -> failures.add(item.path("itemIdentifier").textValue()));
    return new ProcessorResponse(
        failures, state.isObject() ? Optional.of(Json.bytes(state)) : Optional.empty());
  }
}
