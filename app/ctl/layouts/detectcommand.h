// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/ctlcommand.h"
#include "app/ctl/layouts/layoutctloptions.h"
#include "app/redis/layoutdetector.h"
#include "models/layouts/layoutcatalog.h"
#include "models/sources/systemchoice.h"

#include <QTimer>

#include <memory>

namespace pulsedeck {

/// pulsedeckctl layouts detect: which systems live in one Redis. One look with small commands; nothing is written.
class DetectCommand final : public CtlCommand
{
    Q_OBJECT

public:
    DetectCommand(const LayoutCtlOptions &options, const LayoutCatalog &catalog, const SystemChoices &choices, Output &output);
    ~DetectCommand() override;

    void start() override;

private:
    void onState(RedisConnection::State state);
    void tell();

    const LayoutCtlOptions m_options;
    std::unique_ptr<RedisConnection> m_connection;
    std::unique_ptr<LayoutDetector> m_detector; ///< Ends before its connection.
    std::vector<Layout> m_heardOnly; ///< Systems that are known by their events.
    QTimer m_limit;
};

} // namespace pulsedeck
