package io.millrace.processors.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.processors.api.FilterCriteria;
import io.millrace.processors.api.InvalidParameterValueException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterTest {

  private static Record record(String data) {
    return new Record(
        SequenceNumber.first(1_700_000_000L, 0),
        Instant.ofEpochMilli(1_700_000_000_123L),
        Payload.utf8(data),
        "user-7");
  }

  private static boolean matches(String pattern, String data) {
    return RecordFilter.of(FilterCriteria.of(pattern)).test(record(data));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // equals, or
        "{'City':['Seattle','Tacoma']} | {'City':'Tacoma'} | true",
        "{'City':['Seattle','Tacoma']} | {'City':'tacoma'} | false",
        "{'City':['Seattle']} | {'Town':'Seattle'} | false",
        "{'City':['Seattle']} | {'City':['Tacoma','Seattle']} | true",
        "{'City':['Seattle']} | {'City':{'Seattle':1}} | false",
        "{'Open':[true]} | {'Open':true} | true",
        "{'Open':[true]} | {'Open':false} | false",
        // and
        "{'City':['Seattle'],'Open':[true]} | {'City':'Seattle','Open':true} | true",
        "{'City':['Seattle'],'Open':[true]} | {'City':'Seattle','Open':false} | false",
        // nested
        "{'A':{'B':[1]}} | {'A':{'B':1}} | true",
        "{'A':{'B':[1]}} | {'A':1} | false",
        "{'A':{'B':[1]}} | {'B':1} | false",
        // null, empty
        "{'A':[null]} | {'A':null} | true",
        "{'A':[null]} | {'A':''} | false",
        "{'A':['']} | {'A':''} | true",
        "{'A':[null]} | {} | false",
        // plain numbers by their text
        "{'A':[300]} | {'A':300} | true",
        "{'A':[300]} | {'A':300.0} | false",
        "{'A':[300.0]} | {'A':300.0} | true",
        "{'A':[300]} | {'A':3.0e2} | false",
        "{'A':[300]} | {'A':'300'} | false",
        // anything-but
        "{'A':[{'anything-but':['Raining']}]} | {'A':'Sunny'} | true",
        "{'A':[{'anything-but':['Raining']}]} | {'A':'Raining'} | false",
        "{'A':[{'anything-but':['Raining']}]} | {} | false",
        "{'A':[{'anything-but':[1,2]}]} | {'A':3} | true",
        // numeric, by value
        "{'A':[{'numeric':['>',10,'<=',20]}]} | {'A':20} | true",
        "{'A':[{'numeric':['>',10,'<=',20]}]} | {'A':10} | false",
        "{'A':[{'numeric':['>',10,'<=',20]}]} | {'A':20.1} | false",
        "{'A':[{'numeric':['=',300]}]} | {'A':3.0e2} | true",
        "{'A':[{'numeric':['<',5]}]} | {'A':4.9} | true",
        "{'A':[{'numeric':['>=',5]}]} | {'A':5} | true",
        "{'A':[{'numeric':['=',300]}]} | {'A':'300'} | false",
        // exists, of leaves alone
        "{'A':[{'exists':true}]} | {'A':0} | true",
        "{'A':[{'exists':true}]} | {'A':null} | true",
        "{'A':[{'exists':true}]} | {} | false",
        "{'A':[{'exists':true}]} | {'A':{'B':1}} | false",
        "{'A':[{'exists':false}]} | {} | true",
        "{'A':[{'exists':false}]} | {'A':0} | false",
        // texts
        "{'A':[{'prefix':'us-'}]} | {'A':'us-east-1'} | true",
        "{'A':[{'prefix':'us-'}]} | {'A':'eu-us-'} | false",
        "{'A':[{'suffix':'.png'}]} | {'A':'a.png'} | true",
        "{'A':[{'suffix':'.png'}]} | {'A':'a.PNG'} | false",
        "{'A':[{'equals-ignore-case':'alice'}]} | {'A':'ALICE'} | true",
        "{'A':[{'equals-ignore-case':'alice'}]} | {'A':'ALICIA'} | false",
        "{'A':[{'prefix':'1'}]} | {'A':12} | false",
        // or over fields
        "{'$or':[{'A':['x']},{'B':['y']}]} | {'B':'y'} | true",
        "{'$or':[{'A':['x']},{'B':['y']}]} | {'A':'y','B':'x'} | false",
        "{'C':[1],'$or':[{'A':['x']},{'B':['y']}]} | {'C':2,'B':'y'} | false",
        // of keys that come twice the last wins
        "{'A':[2]} | {'A':1,'A':2} | true",
        "{'A':[1]} | {'A':1,'A':2} | false",
      })
  void matchesData(String pattern, String data, boolean expected) {
    assertThat(matches("{\"data\":" + json(pattern) + "}", json(data))).isEqualTo(expected);
  }

  private static String json(String singleQuoted) {
    return singleQuoted.replace('\'', '"');
  }

  @Test
  void matchesMetadata() {
    assertThat(matches("{\"partitionKey\":[{\"prefix\":\"user-\"}]}", "not JSON")).isTrue();
    assertThat(matches("{\"partitionKey\":[\"other\"]}", "not JSON")).isFalse();
    assertThat(
            matches("{\"approximateArrivalTimestamp\":[{\"numeric\":[\">\",1.7e9]}]}", "not JSON"))
        .isTrue();
    assertThat(
            matches(
                "{\"sequenceNumber\":[\"%s\"]}".formatted(SequenceNumber.first(1_700_000_000L, 0)),
                ""))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "", "{\"A\":1} x", "{"})
  void dropsDataThatIsNoJsonWhereAPatternSpeaksOfIt(String data) {
    assertThat(matches("{\"data\":{\"A\":[{\"exists\":false}]}}", data)).isFalse();
    assertThat(matches("{\"$or\":[{\"data\":{\"A\":[1]}},{\"partitionKey\":[\"user-7\"]}]}", data))
        .isFalse();
  }

  @Test
  void matchesOneOfSeveralPatternsOrAllWithoutAny() {
    RecordFilter filter =
        RecordFilter.of(
            FilterCriteria.of("{\"data\":{\"A\":[1]}}", "{\"partitionKey\":[\"user-7\"]}"));
    assertThat(filter.test(record("{\"A\":2}"))).isTrue();
    assertThat(filter.test(record("not JSON"))).isTrue();
    assertThat(RecordFilter.of(FilterCriteria.NONE).test(record("not JSON"))).isTrue();
  }

  @Test
  void ofKeysThatComeTwiceInAPatternTheLastWins() {
    assertThat(matches("{\"partitionKey\":[\"x\"],\"partitionKey\":[\"user-7\"]}", "")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "[]",
        "{}",
        "{\"partitionKey\":\"x\"}",
        "{\"partitionKey\":[]}",
        "{\"partitionKey\":[[\"x\"]]}",
        "{\"partitionKey\":[{}]}",
        "{\"partitionKey\":[{\"like\":\"x\"}]}",
        "{\"partitionKey\":[{\"prefix\":1}]}",
        "{\"partitionKey\":[{\"prefix\":\"a\",\"suffix\":\"b\"}]}",
        "{\"partitionKey\":[{\"exists\":\"yes\"}]}",
        "{\"partitionKey\":[{\"anything-but\":[]}]}",
        "{\"partitionKey\":[{\"anything-but\":[true]}]}",
        "{\"partitionKey\":[{\"numeric\":[\">\"]}]}",
        "{\"partitionKey\":[{\"numeric\":[\">\",\"1\"]}]}",
        "{\"partitionKey\":[{\"numeric\":[\"<>\",1]}]}",
        "{\"$or\":{\"partitionKey\":[\"x\"]}}",
        "{\"$or\":[]}",
        "{\"data\":\"text\"}",
        "{\"data\":[\"text\"]}",
        "{\"data\":{}}"
      })
  void refusesWhatIsNoPattern(String pattern) {
    assertThatThrownBy(() -> RecordFilter.of(FilterCriteria.of(pattern)))
        .isInstanceOf(InvalidParameterValueException.class);
  }
}
