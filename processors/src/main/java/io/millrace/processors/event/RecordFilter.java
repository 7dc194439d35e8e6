package io.millrace.processors.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Record;
import io.millrace.processors.api.FilterCriteria;
import io.millrace.processors.api.InvalidParameterValueException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which records a mapping delivers. Patterns speak of the metadata of a record and, beneath {@code
 * data}, of its data as JSON; where the data is no JSON, a pattern that speaks of it does not
 * match.
 */
public final class RecordFilter implements Predicate<Record> {

  private static final String DATA = "data";

  private final List<Alternative> alternatives;

  private record Alternative(ObjectPattern pattern, boolean speaksOfData) {}

  private RecordFilter(List<Alternative> alternatives) {
    this.alternatives = alternatives;
  }

  /**
   * Reads the patterns.
   *
   * @throws InvalidParameterValueException when one cannot be understood; it says which and why
   */
  public static RecordFilter of(FilterCriteria criteria) {
    return new RecordFilter(criteria.patterns().stream().map(RecordFilter::alternative).toList());
  }

  private static Alternative alternative(String text) {
    try {
      JsonNode pattern = Json.MAPPER.readTree(text);
      boolean speaksOfData = speaksOfData(pattern);
      return new Alternative(ObjectPattern.of(pattern), speaksOfData);
    } catch (JsonProcessingException | InvalidPatternException e) {
      throw new InvalidParameterValueException(
          "The filter pattern %s is not valid: %s".formatted(text, e.getMessage()));
    }
  }

  private static boolean speaksOfData(JsonNode pattern) throws InvalidPatternException {
    boolean speaksOfData = pattern.has(DATA);
    if (speaksOfData && !pattern.path(DATA).isObject()) {
      throw new InvalidPatternException("its data must be a JSON object");
    }
    for (JsonNode alternative : pattern.path(ObjectPattern.OR)) {
      speaksOfData |= speaksOfData(alternative);
    }
    return speaksOfData;
  }

  @Override
  public boolean test(Record record) {
    if (alternatives.isEmpty()) {
      return true;
    }
    ObjectNode document = EventJson.metadata(record);
    Optional<JsonNode> data = data(record);
    data.ifPresent(json -> document.set(DATA, json));
    return alternatives.stream()
        .filter(alternative -> data.isPresent() || !alternative.speaksOfData())
        .anyMatch(alternative -> alternative.pattern().matches(document));
  }

  private Optional<JsonNode> data(Record record) {
    return alternatives.stream().anyMatch(Alternative::speaksOfData)
        ? Json.parse(record.data())
        : Optional.empty();
  }
}
