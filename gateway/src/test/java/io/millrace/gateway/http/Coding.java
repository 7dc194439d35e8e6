package io.millrace.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.gateway.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Calls in both encodings, with members that the official client of Java does not have yet. */
enum Coding {
  JSON(new ObjectMapper(), "application/x-amz-json-1.1"),
  CBOR(new ObjectMapper(new CBORFactory()), "application/x-amz-cbor-1.1");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @SuppressWarnings("ImmutableEnumChecker") // never configured again
  private final ObjectMapper mapper;

  private final String type;

  Coding(ObjectMapper mapper, String type) {
    this.mapper = mapper;
    this.type = type;
  }

  /** The members of the answer, or of the error. */
  JsonNode call(TestServer server, String operation, Map<String, ?> members) {
    try {
      HttpResponse<byte[]> response =
          CLIENT.send(
              HttpRequest.newBuilder(server.endpoint())
                  .header("Content-Type", type)
                  .header("X-Amz-Target", "Kinesis_20131202." + operation)
                  .POST(BodyPublishers.ofByteArray(mapper.writeValueAsBytes(members)))
                  .build(),
              BodyHandlers.ofByteArray());
      return mapper.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The type of the error; empty when there is none. */
  String error(TestServer server, String operation, Map<String, ?> members) {
    return call(server, operation, members).path("__type").asText();
  }
}
