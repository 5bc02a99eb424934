// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sources/sourcefactory.h"

namespace pulsedeck {

/// Sources that are a Signal Hub.
class HubFactory final : public SourceFactory
{
public:
    SourceKind kind() const override { return SourceKind::Hub; }
    FleetSource *makeSource(SourceId id, const SourceSettings &settings, const SourceRequest &request,
                            const Clock &clock) const override;
    QList<TestStep> testSteps(const SourceSettings &settings) const override;
    SourceProbe *makeProbe(const SourceSettings &settings, const QString &secret, const QString &whyNoRights) const override;
};

} // namespace pulsedeck
