package io.millrace.gateway.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.gateway.model.Shape.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceModelTest {

  private static final ServiceModel MODEL = ServiceModel.load();

  @Test
  void knowsEveryOperation() {
    assertThat(MODEL.operations()).hasSize(45).contains("PutRecords", "SubscribeToShard");
  }

  @Test
  void knowsShapesAndTheirConstraints() {
    Shape input = MODEL.operation("PutRecords").orElseThrow().input();
    assertThat(input.members().get("Records").isRequired()).isTrue();
    Shape records = input.members().get("Records").shape();
    assertThat(records.kind()).isEqualTo(Kind.LIST);
    assertThat(records.range().max()).isEqualTo(500);
    assertThat(records.element().members().get("Data").shape().kind()).isEqualTo(Kind.BLOB);
    assertThat(records.element().members().get("Data").path()).isEqualTo("data");
    assertThat(input.members().get("StreamARN").path()).isEqualTo("streamARN");
    assertThat(MODEL.operation("DeleteStream").orElseThrow().output()).isEmpty();
  }

  @Test
  void isThePublishedDescriptionWithoutItsProse() throws IOException {
    JsonNode published = read("/kinesis-2013-12-02.json");
    strip(published);
    assertThat(read("/io/millrace/gateway/model/kinesis-2013-12-02.json")).isEqualTo(published);
  }

  private static JsonNode read(String resource) throws IOException {
    try (InputStream in = ServiceModelTest.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String prose : List.of("documentation", "documentationUrl")) {
        if (object.path(prose).isTextual()) {
          object.remove(prose);
        }
      }
    }
    node.forEach(ServiceModelTest::strip);
  }
}
