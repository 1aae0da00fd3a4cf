import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Sends every record of a topic as an item, in offset order per partition. Fields: topic, partition (default all), isolation. */
public class Dump {
  static JsonNode run(Request request) throws Exception {
    int[] count = {0};
    Consumers.readToEnd(request.client(), request.text("topic"), request.number("partition", -1), request.text("isolation", "read_committed"), record -> {
      request.item(toJson(record));
      count[0]++;
    });
    return Bridge.JSON.getNodeFactory().numberNode(count[0]);
  }

  private static ObjectNode toJson(ConsumerRecord<byte[], byte[]> record) {
    ObjectNode json = Bridge.JSON.createObjectNode();
    json.put("topic", record.topic()).put("partition", record.partition()).put("offset", record.offset());
    json.put("timestamp", record.timestamp()).put("timestampType", record.timestampType().toString());
    json.put("key", record.key()).put("value", record.value());
    ArrayNode headers = json.putArray("headers");
    for (Header header : record.headers()) headers.addArray().add(header.key()).add(header.value());
    return json;
  }
}
