import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes the records of the request; answers with [partition, offset] of each. With a transactionalId: in one transaction, committed or aborted. */
public class Produce {
  static JsonNode run(Request request) throws Exception {
    String topic = request.text("topic");
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (JsonNode record : request.body.get("records")) records.add(read(topic, record));
    String transactionalId = request.text("transactionalId", null);
    List<RecordMetadata> acknowledged;
    try (KafkaProducer<byte[], byte[]> producer = Producers.open(request, transactionalId)) {
      if (transactionalId != null) {
        producer.initTransactions();
        producer.beginTransaction();
      }
      acknowledged = Producers.sendAll(producer, records);
      if (transactionalId != null) {
        if (request.flag("abort", false)) producer.abortTransaction();
        else producer.commitTransaction();
      }
    }
    ArrayNode result = Bridge.JSON.createArrayNode();
    for (RecordMetadata metadata : acknowledged) result.addArray().add(metadata.partition()).add(metadata.offset());
    return result;
  }

  private static ProducerRecord<byte[], byte[]> read(String topic, JsonNode node) {
    Integer partition = node.hasNonNull("partition") ? node.get("partition").asInt() : null;
    Long timestamp = node.hasNonNull("timestamp") ? node.get("timestamp").asLong() : null;
    var record = new ProducerRecord<>(topic, partition, timestamp, Request.bytes(node.get("key")), Request.bytes(node.get("value")));
    for (JsonNode header : node.path("headers")) record.headers().add(header.get(0).asText(), Request.bytes(header.get(1)));
    return record;
  }
}
