//! The stores in memory keep the whole contract.

use pix_orga_testkit::stores::Stores;

async fn fresh() -> Stores {
    Stores::in_memory()
}

pix_orga_testkit::contract!(fresh);
