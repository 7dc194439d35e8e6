package io.millrace.processors.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.processors.lane.LanesState;
import io.millrace.processors.lane.LanesState.LaneWindow;
import io.millrace.processors.lane.Layout;
import io.millrace.processors.lane.OpenWindow;
import io.millrace.processors.lane.TumblingWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The stored form of {@link LanesState}: a CBOR map that names its version. */
final class LanesStateFormat {

  private static final String MANIFEST = "lanes.state.v1";
  private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

  private LanesStateFormat() {}

  static Payload write(LanesState state) {
    ObjectNode root = CBOR.createObjectNode().put("manifest", MANIFEST);
    ArrayNode layouts = root.putArray("layouts");
    for (Layout layout : state.layouts()) {
      ObjectNode node = layouts.addObject().put("factor", layout.factor());
      ArrayNode lanes = node.putArray("finished");
      layout
          .finished()
          .forEach(
              (lane, number) ->
                  lanes.addObject().put("lane", lane).put("number", number.toString()));
    }
    ArrayNode windows = root.putArray("windows");
    for (LaneWindow window : state.windows()) {
      windows
          .addObject()
          .put("factor", window.factor())
          .put("lane", window.lane())
          .put("startMillis", window.open().window().startMillis())
          .put("endMillis", window.open().window().endMillis())
          .put("state", window.open().state().toByteArray());
    }
    try {
      return Payload.wrap(CBOR.writeValueAsBytes(root));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a state back.
   *
   * @throws IllegalArgumentException when the bytes are damaged, or of a newer release
   */
  static LanesState read(Payload stored) {
    try {
      JsonNode root = CBOR.readTree(stored.toByteArray());
      String manifest = root.path("manifest").asText();
      if (!manifest.equals(MANIFEST)) {
        throw new IllegalArgumentException(
            "not a state of lanes, or one of a newer release: '%s'".formatted(manifest));
      }
      List<Layout> layouts = new ArrayList<>();
      for (JsonNode layout : root.required("layouts")) {
        SortedMap<Integer, SequenceNumber> finished = new TreeMap<>();
        for (JsonNode lane : layout.required("finished")) {
          finished.put(
              lane.required("lane").intValue(),
              SequenceNumber.parse(lane.required("number").asText()));
        }
        layouts.add(new Layout(layout.required("factor").intValue(), finished));
      }
      List<LaneWindow> windows = new ArrayList<>();
      for (JsonNode window : root.required("windows")) {
        windows.add(
            new LaneWindow(
                window.required("factor").intValue(),
                window.required("lane").intValue(),
                new OpenWindow(
                    new TumblingWindow(
                        window.required("startMillis").longValue(),
                        window.required("endMillis").longValue()),
                    Payload.wrap(window.required("state").binaryValue()))));
      }
      return new LanesState(layouts, windows);
    } catch (IOException damaged) {
      throw new IllegalArgumentException("the stored state of lanes is damaged", damaged);
    }
  }
}
