//! Which files were the scenarios when links were made from them? A table that only grows: what is in it
//! stays as it is.

/// The files of a scenario at some time.
pub struct Edition {
    /// The scenario.
    pub slug: &'static str,
    /// The name of the dictionary that they come to.
    pub name: u32,
    /// Paths, and the Adler-32 checksums of texts.
    pub files: &'static [(&'static str, u32)],
}

/// The older edition of a scenario before the newer.
pub const EDITIONS: &[Edition] = &[
    Edition {
        slug: "workshop-v1",
        name: 0xc76d23ea,
        files: &[
            ("workshop/app/00-namespaces.yaml", 0xd7e2da1f),
            ("workshop/app/client.yaml", 0xd7c8d9e7),
            ("workshop/app/facade.yaml", 0xbfabe323),
            ("workshop/app/backend.yaml", 0x4727e72b),
            ("workshop/app/queue.yaml", 0x8168e440),
            ("workshop/app/payments.yaml", 0x101fe162),
            ("workshop/app/management-ui.yaml", 0x19f563f6),
            ("workshop/management-ui/v1.yaml", 0xb165b2eb),
            ("workshop/policies/default-deny.yaml", 0x639b0356),
            ("workshop/policies/allow-management-ui.yaml", 0x862e7593),
            ("workshop/policies/backend-policy.yaml", 0x27a27658),
            ("workshop/policies/facade-policy.yaml", 0x1f8686c2),
        ],
    },
    Edition {
        slug: "workshop-v2",
        name: 0xe2361e81,
        files: &[
            ("workshop/app/00-namespaces.yaml", 0xd7e2da1f),
            ("workshop/app/client.yaml", 0xd7c8d9e7),
            ("workshop/app/facade.yaml", 0xbfabe323),
            ("workshop/app/backend.yaml", 0x4727e72b),
            ("workshop/app/queue.yaml", 0x8168e440),
            ("workshop/app/payments.yaml", 0x101fe162),
            ("workshop/app/management-ui.yaml", 0x19f563f6),
            ("workshop/management-ui/v2.yaml", 0x79fbcc65),
            ("workshop/policies/default-deny.yaml", 0x639b0356),
            ("workshop/policies/allow-management-ui.yaml", 0x862e7593),
            ("workshop/policies/backend-policy.yaml", 0x27a27658),
            ("workshop/policies/facade-policy.yaml", 0x1f8686c2),
            ("workshop/policies/pci-policy.yaml", 0x5c637442),
            ("workshop/policies/queue-policy.yaml", 0xac1d887b),
            ("workshop/policies/payments-policy.yaml", 0xa8f56f92),
        ],
    },
];

/// Texts that are in editions, and in the scenarios no more.
pub const FORMER: &[&str] = &[];
